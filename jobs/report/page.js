// A picture follows its frame: another window, a scroll bar that comes, paper.
const follow = new ResizeObserver((frames) => frames.forEach((frame) => Plotly.Plots.resize(frame.target)));
for (const picture of document.querySelectorAll(".picture")) {
  const figure = JSON.parse(picture.nextElementSibling.textContent);
  Plotly.newPlot(picture, figure.data, figure.layout, { displayModeBar: false });
  follow.observe(picture);
}
