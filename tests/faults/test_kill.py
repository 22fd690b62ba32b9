"""I3, I4: killed whenever, nothing is lost, nothing doubled, and the offsets are right."""

import os
import random
import time

import trouble
from service import PATIENCE

KILLS = 20
# Slow enough that the kills fall into the run, start-up included, and not behind it; both slower with patience.
PACE_PER_SECOND = 2_500


def test_killed_at_random_moments(service, client, feed, expected, receiver, tmp_path):
    seed = int(os.environ.get("HUQI_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 30)
    print(f"HUQI_SEED={seed}")
    moments = random.Random(seed)
    one = trouble.begin(service, client, feed, receiver, tmp_path)
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
    finish()
    trouble.check_end(one, client, feed, expected, receiver)
