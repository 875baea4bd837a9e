import gzip
import io
import json
from dataclasses import replace
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.reference_mill import CLEAN, Mill
from pipelines.reference_mill.deliveries import deliveries
from pipelines.reference_mill.exports import file_bytes, file_name

DAY = date(2026, 11, 21)
MILL = Mill(coils_a_day=20, dirt=CLEAN, finishing_readings=False, time_zone="Europe/Vienna")


def exported(table, mill=MILL):
    delivery = next(file for file in deliveries(mill, DAY) if file.contract.name == table)
    return file_name(delivery), file_bytes(mill, delivery)


def test_the_name_says_the_table_and_the_production_day():
    assert exported("slabs")[0] == "slabs_2026-11-21.csv"
    assert exported("coils")[0] == "coils_2026-11-21.jsonl"
    assert exported("furnace_readings")[0] == "furnace_readings_2026-11-21.parquet"
    assert exported("roughing_passes")[0] == "roughing_passes_2026-11-21.csv.gz"


def test_csv_has_points_commas_and_local_time_with_its_offset():
    header, first, *_ = exported("slabs")[1].decode().splitlines()
    row = dict(zip(header.split(","), first.split(","), strict=True))

    assert 15 < float(row["mass_t"]) < 25
    assert row["discharged_at"].startswith("2026-11-21T") and row["discharged_at"].endswith("+01:00")


def test_an_old_system_exports_semicolons_decimal_commas_and_windows_letters():
    old = replace(MILL, dirt=replace(CLEAN, decimal_commas=True))
    text = exported("scrap", old)[1].decode("cp1252")
    header, first, *_ = text.splitlines()
    row = dict(zip(header.split(";"), first.split(";"), strict=True))

    assert "\r\n" in text
    assert "," in row["mass_t"] and float(row["mass_t"].replace(",", ".")) > 0
    assert b"800 \xb0C" in "strip below 800 °C".encode("cp1252")


def test_coils_are_lines_of_json_with_their_rolls_nested():
    for line in exported("coils")[1].decode().splitlines():
        coil = json.loads(line)
        assert coil["rolls"]["F7 top work"].startswith("WR-7")
        assert coil["coiled_at"].endswith("Z")


def test_roughing_passes_are_compressed_without_the_time_of_writing():
    content = exported("roughing_passes")[1]

    assert gzip.decompress(content).startswith(b"slab_id,pass_no,")
    assert content[4:8] == b"\0\0\0\0"


def test_readings_are_parquet_in_the_contracts_types():
    schema = pq.read_schema(io.BytesIO(exported("furnace_readings")[1]))

    assert schema.field("sampled_at").type == pa.timestamp("us", tz="UTC")
    assert schema.field("core_temp_c").type == pa.float64()


@pytest.mark.parametrize("table", ["slabs", "coils", "furnace_readings", "roughing_passes"])
def test_the_same_delivery_is_the_same_bytes(table):
    assert exported(table) == exported(table)
