"""Work in tasks of the engine whose answers come back to the run."""

import pickle
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, TypeVar

import pyarrow as pa
from pyspark.sql import SparkSession

T = TypeVar("T")


def in_tasks(spark: SparkSession, tasks: int, work: Callable[[int], Iterable[T]]) -> list[T]:
    """All answers of ``work``, which is called with the number of each task, from 0, inside the task."""
    numbers = spark.range(0, tasks, 1, tasks)
    rows = numbers.mapInArrow(partial(_answers, work), "answer binary").collect()
    # Bytes of this run's own tasks, which the engine carries and nobody keeps.
    return [pickle.loads(row["answer"]) for row in rows]


def _answers(
    work: Callable[[int], Iterable[Any]], batches: Iterable[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        for no in batch.column(0).to_pylist():
            answers = [pickle.dumps(answer) for answer in work(no)]
            yield pa.record_batch([pa.array(answers, pa.binary())], ["answer"])
