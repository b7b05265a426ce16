"""The metrics of a server, read as Prometheus reads them."""

import urllib.request

from prometheus_client.parser import text_string_to_metric_families

TIMEOUT = 10


def text_of(port, path="/metrics"):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=TIMEOUT) as answer:
        return answer.read().decode()


class Scrape:
    """One scrape, parsed. Fails if the text is not in the format of Prometheus."""

    def __init__(self, port):
        self.text = text_of(port)
        #: By the name in the table of the page, which for a counter ends with _total.
        self.families = {}
        for family in text_string_to_metric_families(self.text):
            self.families[f"{family.name}_total" if family.type == "counter" else family.name] = family

    def value(self, sample, **labels):
        """The sum of the samples of this name whose labels include these; None if there is none."""
        values = [
            one.value
            for family in self.families.values()
            for one in family.samples
            if one.name == sample and labels.items() <= one.labels.items()
        ]
        return sum(values) if values else None
