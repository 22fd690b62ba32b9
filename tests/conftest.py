"""What the end-to-end and fault tests share: a broker a module, one feed, what replay makes of it."""

import pathlib
import sys
import types

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / "kafka"), str(HERE / "e2e")]

import broker as broker_module  # noqa: E402
import client as client_module  # noqa: E402
import feed as feed_module  # noqa: E402
import receiver as receiver_module  # noqa: E402
import registry as registry_module  # noqa: E402
import service as service_module  # noqa: E402

TRANSACTIONS = 100_000


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    made = broker_module.Broker(tmp_path_factory.mktemp("kafka")).start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def client(broker):
    return client_module.Client(broker.bootstrap)


@pytest.fixture(scope="session")
def feed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("feed")
    made = feed_module.Feed(folder, feed_module.simulate(folder, TRANSACTIONS))
    assert len(made.txs) == TRANSACTIONS
    return made


@pytest.fixture(scope="session")
def feed_registry(feed, tmp_path_factory):
    """The registry that services are given, as far as patterns ask it; contacts are each test's own."""
    nobody = types.SimpleNamespace(url="https://nobody.invalid/",
                                   secret="whsec_bm9ib2R5IHJlYWRzIHdoYXQgaXMgc2VudCBoZXJl")
    return registry_module.write(tmp_path_factory.mktemp("registry"), feed.txs, nobody)


@pytest.fixture(scope="session")
def expected(feed, feed_registry):
    """The alerts of the feed by `huqi replay`; there must be some, or the comparisons would prove nothing."""
    lines = feed.replay(registry=feed_registry)
    assert len(lines) >= 20, f"only {len(lines)} alerts in {TRANSACTIONS} transactions"
    return lines


@pytest.fixture
def receiver():
    made = receiver_module.Receiver().up()
    yield made
    if made.server is not None:
        made.down()


@pytest.fixture
def service(tmp_path, broker):
    """Makes a service on `broker`; stopped in order at the test's end, and that is checked too."""
    made = []

    def make(feeds, settings=None, bootstrap=None):
        port = broker_module.free_ports(1)[0]
        one = service_module.Service(tmp_path / f"huqi{len(made)}", port, bootstrap or broker.bootstrap,
                                     feeds, settings)
        made.append(one)
        return one

    yield make
    for one in made:
        one.stop()
