"""I3, I4: killed whenever, nothing is lost, nothing doubled, and the offsets are right.

The patterns ask for the accounts' memory and for what links them, so what a kill takes away must come back, from a
snapshot or from the feed: the alerts are those of an undisturbed `huqi replay`.
"""

import os
import random
import shutil
import time

import trouble
from service import PATIENCE, ROOT

KILLS = 20
# Slow enough that the kills fall into the run, start-up included, and not behind it; both slower with patience.
PACE_PER_SECOND = 2_500


# Not the pack's, so that this test asks for memory and links whatever the pack does.
BEHAVIOUR = {
    "many-payments": "  where: count(debits, 24h) >= 6 and sum(debits, 7d) >= 50万",
    "above-its-own": "  where: amount >= p99(debits, 90d) and watched() >= 7d and not known(counterparty.account)",
    "same-again": "  where: count(debits where amount = this, 30d) >= 3",
    "shared-payee": "  where: amount >= 1万\n"
                    "  link: {by: counterparty.account, distinct: account, at_least: 4, within: 24h}",
}

PATTERN = """id: {name}
version: 1
status: active
typology: V18
title: {{zh: 测试行为, en: Behaviour for a test}}
audience: analyst
score: 45
detect:
{detect}
"""


def behaviour(folder):
    """The shipped patterns, and some that ask what accounts do."""
    shutil.copytree(ROOT / "patterns", folder)
    for name, detect in BEHAVIOUR.items():
        (folder / "V18" / f"{name}.yaml").write_text(PATTERN.format(name=name, detect=detect), "utf-8")
    return folder


def test_killed_at_random_moments(service, client, feed, feed_registry, receiver, tmp_path):
    seed = int(os.environ.get("HUQI_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 30)
    print(f"HUQI_SEED={seed}")
    moments = random.Random(seed)
    patterns = behaviour(tmp_path / "patterns")
    expected = feed.replay(patterns=patterns, registry=feed_registry)
    for name in BEHAVIOUR:
        assert any(f'"{name}"'.encode() in line for line in expected), f"{name} never hits"
    one = trouble.begin(service, client, feed, receiver, tmp_path,
                        {"patterns": {"dir": str(patterns)}, "engine": {"snapshot_interval": "300ms"}})
    # The first start compiles the patterns, which can take longer than a life in this test; the others find them.
    one.wait_ready(120)
    finish = trouble.pour(client, feed, int(PACE_PER_SECOND / PATIENCE))
    progress = []
    for _ in range(KILLS):
        time.sleep(moments.uniform(0.05, 3.0) * PATIENCE)
        one.kill()
        progress.append(sum(one.offsets().values()))
        one.start()
    print(f"messages committed at each kill: {progress}")
    assert progress == sorted(progress)
    assert len(set(progress)) >= KILLS // 4, "the kills hardly met the run"
    log = one.log.read_text()
    assert "memory is loaded" in log, "no start found a snapshot"
    assert "cannot be used" not in log, "a kill damaged a snapshot"
    finish()
    trouble.check_end(one, client, feed, expected, receiver)
