const pictures = document.querySelectorAll(".picture");
// A picture follows its frame: another window, a scroll bar that comes.
const follow = new ResizeObserver((frames) => frames.forEach((frame) => Plotly.Plots.resize(frame.target)));
for (const picture of pictures) {
  const figure = JSON.parse(picture.nextElementSibling.textContent);
  Plotly.newPlot(picture, figure.data, figure.layout, { displayModeBar: false });
  follow.observe(picture);
}
// Paper has a width that no script is told: two pictures side by side fit A4 and Letter.
addEventListener("beforeprint", () => {
  follow.disconnect();
  pictures.forEach((picture) => Plotly.relayout(picture, { width: 340 }));
});
addEventListener("afterprint", () => {
  pictures.forEach((picture) => Plotly.relayout(picture, { width: null, autosize: true }));
  pictures.forEach((picture) => follow.observe(picture));
});
