"""Messages that must become dead letters, with what their reason must say.

Each kind is (a word or pattern that the reason must hold, a function of a good transaction and a number that
gives the bad bytes). The number makes each message different, so that none is a copy of another.
"""

import json
import re

import convert


def changed(tx, number, **fields):
    """The transaction as JSON with fields changed; None takes a field away."""
    tx = dict(tx, id=f"{tx['id']}-bad{number}")
    for name, value in fields.items():
        if value is None:
            tx.pop(name, None)
        else:
            tx[name] = value
    return tx


def as_json(**fields):
    return lambda tx, n: convert.native(changed(tx, n, **fields))


def deep(tx, n):
    return convert.native(changed(tx, n, extra=n))[:-1] + b',"deep":' + b"[" * 80 + b"]" * 80 + b"}"


def twice(tx, n):
    return convert.native(changed(tx, n))[:-1] + b',"amount":"1.00"}'


def cut(tx, n):
    good = convert.native(changed(tx, n))
    return good[:20 + n % (len(good) - 21)]


def not_utf8(tx, n):
    return convert.native(changed(tx, n, remark="@")).replace(b'"@"', b'"\xc0\xaf\xff"')


JSON = [
    ("", cut),
    ("", lambda tx, n: f"[{n}]".encode()),
    ("UTF-8", not_utf8),
    ("64|65536|65,536|large|long|over", lambda tx, n: convert.native(changed(tx, n, padding="x" * 66000))),
    ("deep|nest|64", deep),
    ("amount", twice),
    ("remark", as_json(remark="a\0b")),
    ("remark", as_json(remark=17)),
    ("counterparty", as_json(counterparty="62220")),
    ("account", as_json(account=None)),
    ("account", as_json(account="")),
    ("bank", as_json(bank="10210009999")),
    ("id", as_json(id="x" * 65)),
    ("direction", as_json(direction="out")),
    ("amount", as_json(amount="-5.00")),
    ("amount", as_json(amount="12,5")),
    ("amount", as_json(amount="0.00")),
    ("amount", as_json(amount="1.005")),
    ("amount", as_json(amount="92233720368547758.08")),
    ("currency", as_json(currency="XXQ")),
    ("status", as_json(status="done")),
    ("booked_at", as_json(booked_at="2026-02-30T09:00:00+08:00")),
    ("booked_at", as_json(booked_at="2026-03-02T09:00:00")),
    ("reverses", as_json(status="reversed")),
]


def row(**columns):
    """A csv34 row with columns changed."""
    def bad(tx, n):
        fields = dict(zip(convert.CSV34, csv_values(changed(tx, n))))
        fields.update(columns)
        return ",".join(convert.csv_field(fields[c]) for c in convert.CSV34).encode("gb18030")
    return bad


def csv_values(tx):
    import csv
    return next(csv.reader([convert.csv34(tx).decode("gb18030")]))


CSV34 = [
    ("column|34|field", lambda tx, n: b",".join(convert.csv34(changed(tx, n)).split(b",")[:20])),
    ("交易金额|amount", row(交易金额="12万")),
    ("交易金额|amount", row(交易金额="")),
    ("交易时间|booked_at", row(交易时间="20261302250000")),
    ("交易时间|booked_at", row(交易时间="")),
    ("收付标志|direction", row(收付标志="转")),
    ("交易账号|交易卡号|account", row(交易账号="", 交易卡号="")),
    ("交易时间|booked_at", row(交易时间="18990302091504")),
    ("交易流水号|id", row(交易流水号="x" * 65)),
    ("交易币种|currency", row(交易币种="贝壳")),
    ("GB18030|UTF-8|encod", lambda tx, n: convert.csv34(changed(tx, n)) + b"\xff\xff"),
]


def edited(make, old, new):
    """A converter's message with one place changed."""
    def bad(tx, n):
        good = make(changed(tx, n)).decode()
        assert re.search(old, good, re.S), old
        return re.sub(old, new, good, count=1, flags=re.S).encode()
    return bad


CAMT054 = [
    ("", lambda tx, n: convert.camt054(changed(tx, n))[:300 + n % 100]),
    ("namespace|version|camt", edited(convert.camt054, r"camt\.054\.001\.08", "camt.054.001.99")),
    ("namespace|version|camt", edited(convert.camt054, r"camt\.054\.001\.08", "camt.053.001.08")),
    ("entit|DOCTYPE|DTD", edited(convert.camt054, r"\?>\n", '?>\n<!DOCTYPE D [<!ENTITY e "eeee">]>\n')),
    ("CdtDbtInd|direction", edited(convert.camt054, "<CdtDbtInd>....(.*)<CdtDbtInd>....",
                                   r"<CdtDbtInd>BOTH\1<CdtDbtInd>BOTH")),
    ("Amt|amount", edited(convert.camt054, r"(<Amt[^>]*>)[0-9.]+(.*<Amt[^>]*>)[0-9.]+", r"\1x\2x")),
    ("DtTm|BookgDt|booked_at", edited(convert.camt054, "<BookgDt><DtTm>[^<]*", "<BookgDt><DtTm>yesterday")),
    ("Id|account", edited(convert.camt054, "<Acct><Id><Othr><Id>[^<]*</Id></Othr></Id>", "<Acct>")),
]

HVPS111 = [
    ("", lambda tx, n: convert.hvps111(changed(tx, n))[:400 + n % 100]),
    ("block|head|H:", lambda tx, n: convert.hvps111(changed(tx, n)).replace(b"{H:", b"[H:", 1)),
    ("namespace|version|pacs", edited(convert.hvps111, r"pacs\.008\.001\.02", "pacs.008.001.99")),
    ("NbOfTxs", edited(convert.hvps111, "<NbOfTxs>1</NbOfTxs>", "<NbOfTxs>2</NbOfTxs>")),
    ("Amt|amount", edited(convert.hvps111, r"(<IntrBkSttlmAmt[^>]*>)[0-9.]+", r"\g<1>-1.00")),
    ("Ccy|currency", edited(convert.hvps111, 'Ccy="CNY"', 'Ccy="XXQ"')),
    ("CreDtTm|booked_at", edited(convert.hvps111, "<CreDtTm>[^<]*", "<CreDtTm>2026-13-02T00:00:00")),
    ("entit|DOCTYPE|DTD", edited(convert.hvps111, r"\?>\n", '?>\n<!DOCTYPE D [<!ENTITY e "eeee">]>\n')),
]
