"""Repeated flat imports: returns are registered once, and an interruption neither loses nor doubles a row."""

import os
import random
import signal
import unittest

from harness import rows
from harness.flat_case import FlatTest, state
from harness.servers import Shop


class ReturnsTest(FlatTest):
    def test_returns_match_their_lines_and_are_registered_once(self):
        lines = self.LINES + [
            ("A4", "mug", "Mug", 6, "5.00", "2024-01-05", "ann"),
            ("C1", "mug", "Mug", -5, "6", "2024-01-06", "ann"),  # On the line of A4: none at 6.00 has five.
            ("C2", "tea", "Tea pot", -2, "24.50", "2024-01-02", "ann"),  # The whole line, on the same day.
            ("A5", "cup", "Cup", 3, "2", "2024-01-07", ""),
            ("A5", "cup", "Cup", -1, "2", "2024-01-07", ""),  # In an order of the guest.
        ]
        path = self.file(lines)
        answer, told = self.flat(path)
        self.assertEqual(told, "")
        self.assertEqual(self.counts(answer)["returns"], (3, 0, 0))
        self.assertEqual(
            {key[3:]: key[0] for key in state(self.shop)[2] if key[-1] > 0},
            {("mug", 6, 5, 5): "A4", ("tea", 2, 24.5, 2): "A1", ("cup", 3, 2, 1): "A5"},
        )
        self.assertEqual(self.counts(self.assert_again_is_unchanged(path))["returns"], (0, 0, 3))
        # A line that is added later does not move units that are registered.
        answer, _ = self.flat(self.file(lines + [("A6", "mug", "Mug", 9, "6", "2024-01-06", "ann")]))
        self.assertEqual(self.counts(answer)["returns"], (0, 0, 3))

    def test_units_returned_by_another_command_are_not_registered_again(self):
        self.flat(self.file(self.LINES))
        (line,) = [row for row in rows.export(self.sales, "sales") if row.quantity == 2]
        self.ctl("return", line.sale_id)
        path = self.file(self.LINES + [("C1", "tea", "Tea pot", -2, "24.50", "2024-01-09", "ann")])
        self.assertEqual(self.counts(self.flat(path)[0])["returns"], (1, 0, 0))
        (line,) = [row for row in rows.export(self.sales, "sales") if row.quantity == 2]
        self.assertEqual(line.returned_quantity, 2)

    def test_returns_without_a_line_are_reported_and_change_nothing(self):
        lines = self.LINES + [
            ("C1", "tea", "Tea pot", -3, "24.50", "2024-01-09", "ann"),
            ("C2", "tea", "Tea pot", -1, "24.50", "2024-01-01", "ann"),
            ("C3", "tea", "Tea pot", -1, "24.50", "2024-01-09", "bob"),
            ("C4", "cup", "Cup", -1, "0", "2024-01-09", ""),
            ("C5", "discount", "Discount", -1, "27.50", "2024-01-09", "eve"),
        ]
        path = self.file(lines)
        answer, told = self.flat(path)
        self.assertEqual(answer["unmatched_return_count"], 5)
        self.assertEqual(answer["refused_row_count"], 0)
        for number, why in (
            (6, "-3 is more than what is left of the earlier lines"),
            (7, "-1 matches no earlier line of this product and customer"),
            (8, "-1 matches no earlier line of this product and customer"),
            (9, "-1 names no customer, and its order has no line of this product"),
        ):
            self.assertRegex(told, rf"(?m)^orders.csv row {number}: quantity: {why}.*; .+$")
        self.assertFalse([key for key in state(self.shop)[2] if key[-1] > 0])
        products, customers, _, orders = state(self.shop)
        self.assertEqual({product for product, *_ in products}, {"tea", "mug", "cup"})
        self.assertEqual({customer for customer, *_ in customers}, {"ann", "bob", "guest"})
        self.assertEqual(set(orders), {"A1", "A2", "A3"})
        self.assert_again_is_unchanged(path)

    def test_returns_match_lines_of_other_files_and_are_registered_once(self):
        january = self.file(self.LINES, name="january.csv")
        back = [("C1", "mug", "Mug", -3, "6", "2024-02-09", "ann"), ("C2", "mug", "Mug", -1, "6", "2024-02-10", "bob")]
        later = [
            ("B1", "mug", "Mug", 2, "6", "2024-02-20", "ann"),
            ("B1", "tea", "Tea pot", -1, "24.50", "2024-02-20", "ann"),
        ]
        february = self.file(back + later, name="february.csv")
        self.flat(january)
        answer, _ = self.flat(february)
        self.assertEqual((self.counts(answer)["returns"], answer["unmatched_return_count"]), ((3, 0, 0), 0))
        registered = {(key[0], key[3]): key[-1] for key in state(self.shop)[2] if key[-1] > 0}
        self.assertEqual(registered, {("A1", "mug"): 3, ("A1", "tea"): 1, ("A2", "mug"): 1})
        self.assertEqual(self.counts(self.assert_again_is_unchanged(february))["returns"], (0, 0, 3))
        self.assert_again_is_unchanged(january)
        both = self.file(self.LINES + back + later, name="both.csv")
        self.assertEqual(self.counts(self.assert_again_is_unchanged(both))["returns"], (0, 0, 3))


class InterruptedTest(FlatTest):
    def test_an_import_killed_at_any_moment_is_completed_by_the_next(self):
        seed = int(os.environ.get("CLUSTR_SEED", random.SystemRandom().randrange(1 << 30)))
        print(f"CLUSTR_SEED={seed}", flush=True)
        chance = random.Random(seed)
        lines = []
        for order in range(3000):
            for product in chance.sample(range(50), chance.randint(1, 6)):
                cells = (f"p{product}", f"P {product}", chance.randint(1, 9), "1.25", "2024-01-02", f"c{order % 40}")
                lines.append((f"o{order}", *cells))
                if chance.random() < 0.2:
                    lines.append((f"C{order}", *cells[:2], -1, *cells[3:]))
        path = self.file(lines)
        with Shop() as whole:
            self.assertEqual(whole.ctl("import", f"--flat={path}").returncode, 0)
            wanted = state(whole)
        for target in (1, 1000, 2500, 3000):  # The last one is amid the returns.
            with self.importing(path) as importing:
                self.reach(target, importing)
                importing.send_signal(signal.SIGKILL)
            if target == 1:
                self.assertLess(self.status(self.sales).row_counts["transactions"], 3000, "killed amid the orders")
        self.ctl("import", f"--flat={path}")
        self.assertEqual(state(self.shop), wanted)
        self.assert_again_is_unchanged(path)

    def test_killing_sales_during_an_import_neither_loses_nor_doubles_a_line(self):
        lines = [
            (f"o{order}", f"p{product}", "P", 1 + product, "2", "2024-01-02", f"c{order % 9}")
            for order in range(4000)
            for product in range(3)
        ]
        path = self.file(lines)
        with self.importing(path) as importing:
            self.reach(200, importing)
            self.shop.sales.kill()
            self.shop.sales.start()
            _, told = importing.communicate(timeout=120)
        if importing.returncode != 0:  # The import may fail, but must not store anything wrong.
            self.assertIn("The import can be run again", told)
            self.ctl("import", f"--flat={path}")
        self.assertEqual(sum(state(self.shop)[2].values()), len(lines))
        self.assert_again_is_unchanged(path)

    def test_an_unreachable_service_is_named_with_the_remedy(self):
        path = self.file(self.LINES)
        self.shop.sales.stop()
        done = self.ctl("import", f"--flat={path}", code=3)
        self.assertIn("Start it with `clustr-sales", done.stderr)
        self.assertIn("The import can be run again", done.stderr)
        self.shop.sales.start()
        self.assertEqual(self.counts(self.flat(path)[0])["sales"], (5, 0, 0))


if __name__ == "__main__":
    unittest.main()
