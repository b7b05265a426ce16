"""Mines association rules from an export of baskets on Apache Spark, for `clustrctl import-rules`.

  spark-submit mine_rules.py --baskets=EXPORT/baskets --output=rules.jsonl --name=NAME [thresholds]

Every count is an integer of MLlib's FPGrowth; none is derived from its doubles. README.md says how that is exact."""

import argparse
import datetime
import itertools
import json
import sys
import time

import pyspark
from pyspark.ml.fpm import FPGrowth
from pyspark.sql import SparkSession, functions, types

FORMAT = "clustr baskets 1"
#: Of the lines of an export; given, so that Spark need not read everything once to guess it.
SCHEMA = types.StructType(
    [
        types.StructField("transaction_id", types.LongType()),
        types.StructField("sequence", types.LongType()),
        types.StructField("day", types.StringType()),
        types.StructField("product_skus", types.ArrayType(types.LongType())),
    ]
)
#: The greatest number of products of a rule that Clustr accepts.
MAX_ITEMS = 8
SPLITS = types.ArrayType(
    types.StructType(
        [
            types.StructField("antecedents", types.ArrayType(types.LongType())),
            types.StructField("consequents", types.ArrayType(types.LongType())),
        ]
    )
)


def least_count(min_support, basket_count):
    """The least count c with c / basket_count >= min_support, as doubles: where Clustr draws the line."""
    count = max(1, int(min_support * basket_count))
    while count > 1 and (count - 1) / basket_count >= min_support:
        count -= 1
    while count / basket_count < min_support:
        count += 1
    return count


def support_for(count, basket_count):
    """A share for FPGrowth, which keeps sets with at least ceil(share * basket_count) baskets, that means exactly `count`.

    Half a basket below `count`, so that no rounding of the product can reach another integer."""
    return (count - 0.5) / basket_count


def splits(items, max_consequents):
    """Both sides of every rule of an itemset; each ascending."""
    items = sorted(items)
    for size in range(1, min(len(items) - 1, max_consequents) + 1):
        for consequents in itertools.combinations(items, size):
            yield [item for item in items if item not in consequents], list(consequents)


def read_manifest(spark, path):
    """What `clustrctl export --format=baskets` says of the baskets."""
    manifest = json.loads("".join(row.value for row in spark.read.text(path).collect()))
    if manifest.get("format") != FORMAT:
        raise SystemExit(f"{path}: is not about an export of `clustrctl export --format=baskets`")
    return manifest


def read_baskets(spark, options, manifest):
    """The baskets with a product; of the lines about one transaction, the last one."""
    if options.parquet:
        lines = spark.read.parquet(options.baskets)
    else:
        lines = spark.read.schema(SCHEMA).json(options.baskets)
    if manifest["changed_meanwhile"]:
        last = functions.max(functions.struct("sequence", "day", "product_skus")).alias("last")
        lines = lines.groupBy("transaction_id").agg(last).select("last.*")
    if options.start_date:
        lines = lines.where(functions.col("day") >= options.start_date)
    if options.end_date:
        lines = lines.where(functions.col("day") <= options.end_date)
    return lines.where(functions.size("product_skus") > 0).select(functions.col("product_skus").alias("items"))


def mine(baskets, basket_count, min_count, partitions):
    """Itemsets with their counts: items, ascending, and freq."""
    growth = FPGrowth(itemsCol="items", minSupport=support_for(min_count, basket_count), minConfidence=1.0)
    if partitions:
        growth = growth.setNumPartitions(partitions)
    sets = growth.fit(baskets).freqItemsets
    return sets.select(functions.sort_array("items").alias("items"), "freq")


def make_rules(itemsets, basket_count, options):
    """All rules of the itemsets that meet the thresholds. Each part of a frequent set is frequent, so its count is there."""
    limit = options.max_consequents or MAX_ITEMS
    split = functions.udf(lambda items: list(splits(items, limit)), SPLITS)
    rules = (
        itemsets.where((functions.size("items") >= 2) & (functions.size("items") <= options.max_items))
        .select(functions.col("freq").alias("count_ab"), functions.explode(split("items")).alias("sides"))
        .select("count_ab", "sides.antecedents", "sides.consequents")
    )
    left = itemsets.select(functions.col("items").alias("antecedents"), functions.col("freq").alias("count_a"))
    right = itemsets.select(functions.col("items").alias("consequents"), functions.col("freq").alias("count_b"))
    rules = rules.join(left, "antecedents").join(right, "consequents")
    # Each measure is one division of two exact integers, as in Clustr. A decimal holds products beyond 64 bits.
    number = lambda column: functions.col(column).cast("decimal(19,0)")
    lift = (number("count_ab") * functions.lit(basket_count).cast("decimal(19,0)")).cast("double") / (
        number("count_a") * number("count_b")
    ).cast("double")
    confidence = functions.col("count_ab").cast("double") / functions.col("count_a").cast("double")
    rules = rules.where((confidence >= options.min_confidence) & (lift >= options.min_lift))
    return rules.select("antecedents", "consequents", "count_a", "count_b", "count_ab")


def header(options, manifest, basket_count, rule_count):
    thresholds = {
        "min_count": options.min_count,
        "min_confidence": options.min_confidence,
        "min_lift": options.min_lift,
        "max_items": options.max_items,
    }
    if options.min_support is not None:
        thresholds["min_support"] = options.min_support
    if options.max_consequents:
        thresholds["max_consequents"] = options.max_consequents
    now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    days = f"; days {options.start_date or 'first'} to {options.end_date or 'last'}"
    return {
        "name": options.name,
        "source": {
            "engine": "spark",
            "engine_version": pyspark.__version__,
            "job": "mine_rules.py" + (days if options.start_date or options.end_date else ""),
            "sales_revision": manifest["sales_revision"],
            "sales_store_id": manifest["sales_store_id"],
            "compute_time": now.isoformat().replace("+00:00", "Z"),
        },
        "basket_count": basket_count,
        "thresholds": thresholds,
        "rule_count": rule_count,
    }


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--baskets", required=True, help="the folder `baskets` of an export; any path that Spark reads")
    parser.add_argument("--parquet", action="store_true", help="--baskets is such an export, written again as Parquet")
    parser.add_argument("--manifest", help="the file baskets.json of the export; default: --baskets with .json appended")
    parser.add_argument("--output", required=True, help="file of rules to write, on the machine of the driver")
    parser.add_argument("--name", required=True, help="name of the rule set")
    parser.add_argument("--min-support", type=float, help="minimum support, 0 to 1; default 0.005 without --min-count")
    parser.add_argument("--min-count", type=int, help="minimum number of baskets; applies as well; default 2")
    parser.add_argument("--min-confidence", type=float, default=0.0)
    parser.add_argument("--min-lift", type=float, default=1.0)
    parser.add_argument("--max-items", type=int, default=4, help="products of a rule, 2 to 8; default 4")
    parser.add_argument("--max-consequents", type=int, default=0, help="products on the right; default: --max-items alone")
    parser.add_argument("--start-date", help="first day of the baskets, YYYY-MM-DD")
    parser.add_argument("--end-date", help="last day of the baskets, YYYY-MM-DD")
    parser.add_argument("--partitions", type=int, help="partitions of FPGrowth; default: those of the input")
    options = parser.parse_args(arguments)
    if not 2 <= options.max_items <= MAX_ITEMS:
        parser.error(f"--max-items: {options.max_items} is not between 2 and {MAX_ITEMS}")
    if options.min_support is None and options.min_count is None:
        options.min_support = 0.005
    options.min_count = 2 if options.min_count is None else options.min_count
    if options.min_count < 1:
        parser.error(f"--min-count: {options.min_count} is below 1")
    if options.min_support is not None and not 0 <= options.min_support <= 1:
        parser.error(f"--min-support: {options.min_support} is not between 0 and 1")
    return options


def main(arguments):
    options = parse(arguments)
    started = time.monotonic()
    # A tree of FPGrowth is as deep as the longest basket. Java's own serialization overflows the stack of a task there.
    session = SparkSession.builder.config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
    spark = session.appName(f"clustr rules {options.name}").getOrCreate()
    manifest = read_manifest(spark, options.manifest or options.baskets.rstrip("/") + ".json")
    baskets = read_baskets(spark, options, manifest).cache()
    basket_count = baskets.count()
    if basket_count == 0:
        raise SystemExit(f"{options.baskets}: has no basket with a product on these days")
    min_count = max(options.min_count, least_count(options.min_support or 0, basket_count))
    itemsets = mine(baskets, basket_count, min_count, options.partitions).cache()
    rules = make_rules(itemsets, basket_count, options).sort("antecedents", "consequents").cache()
    rule_count = rules.count()
    if rule_count == 0:
        raise SystemExit(f"no rule of {basket_count} baskets meets the thresholds; lower them")
    with open(options.output, "w", encoding="utf-8") as file:
        json.dump(header(options, manifest, basket_count, rule_count), file)
        file.write("\n")
        for row in rules.toLocalIterator():
            json.dump(row.asDict(), file, separators=(",", ":"))
            file.write("\n")
    seconds = round(time.monotonic() - started, 1)
    told = {"baskets": basket_count, "itemsets": itemsets.count(), "rules": rule_count, "min_count": min_count, "seconds": seconds}
    print(json.dumps(told), file=sys.stderr)
    spark.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
