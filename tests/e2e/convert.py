"""huqi.tx.v1 into the other formats that banks send, written from the formats' public descriptions.

Nothing here comes from huqi's decoders, so that a misreading there shows. Each function gives the bytes of
one message for Kafka. What a format has no place for is left out: csv34 has no channel and whole seconds only,
camt.054 and hvps.111 have no device, address or balance.
"""

import base64
import datetime
import decimal
import hashlib
import json
from xml.sax.saxutils import escape

CHINA = datetime.timezone(datetime.timedelta(hours=8))

# The columns of the police query export, in its order.
CSV34 = (
    "交易卡号,交易账号,账户开户名称,开户人证件号码,交易时间,交易金额,交易余额,收付标志,交易对手账卡号,现金标志,对手户名,"
    "对手身份证号,对手开户银行,摘要说明,交易币种,交易网点名称,交易网点代码,交易发生地,交易是否成功,传票号,终端号,IP地址,"
    "MAC地址,对手交易余额,交易流水号,日志号,凭证种类,凭证号,交易柜员号,商户名称,商户号,备注,交易类型,查询反馈结果原因"
).split(",")

CAMT054 = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"
PACS008 = "urn:iso:std:iso:20022:tech:xsd:pacs.008.001.02"


def booked(tx):
    return datetime.datetime.fromisoformat(tx["booked_at"].replace("Z", "+00:00")).astimezone(CHINA)


def other(tx, name):
    return tx.get("counterparty", {}).get(name, "")


def csv34_header():
    return ",".join(CSV34).encode("gb18030")


def csv34(tx):
    """One row in GB18030; amounts with thousands commas, times without separators, as exports have."""
    row = dict.fromkeys(CSV34, "")
    amount = f"{decimal.Decimal(tx['amount']):,}"
    row.update({
        "交易账号": tx["account"], "账户开户名称": tx.get("account_name", ""),
        "开户人证件号码": tx.get("enterprise", ""), "交易时间": booked(tx).strftime("%Y%m%d%H%M%S"),
        "交易金额": amount, "交易余额": tx.get("balance", ""),
        "收付标志": "出" if tx["direction"] == "debit" else "进",
        "交易对手账卡号": other(tx, "account") + "\t", "对手户名": other(tx, "name"),
        "对手开户银行": other(tx, "bank"), "摘要说明": tx.get("purpose", ""), "备注": tx.get("remark", ""),
        "交易币种": "人民币" if tx.get("currency", "CNY") == "CNY" else tx["currency"],
        "交易发生地": tx.get("place", ""), "交易是否成功": "成功", "终端号": tx.get("terminal", ""),
        "IP地址": tx.get("ip", ""), "MAC地址": tx.get("mac", ""), "交易流水号": tx["id"],
        "交易柜员号": tx.get("operator", ""),
    })
    return ",".join(csv_field(row[name]) for name in CSV34).encode("gb18030")


def csv_field(value):
    if any(c in value for c in ',"\n\r'):
        return '"' + value.replace('"', '""') + '"'
    return value


def element(name, value, attributes=""):
    return f"<{name}{attributes}>{escape(value)}</{name}>" if value else ""


def account_element(name, account):
    return f"<{name}><Id><Othr>{element('Id', account)}</Othr></Id></{name}>" if account else ""


def agent_element(name, bank):
    inner = element("MmbId", bank)
    return f"<{name}><FinInstnId><ClrSysMmbId>{inner}</ClrSysMmbId></FinInstnId></{name}>" if bank else ""


def sides(tx):
    """(debtor's name, account, bank), (creditor's …): the account's own side by its direction."""
    own = (tx.get("account_name", ""), tx["account"], tx["bank"])
    theirs = (other(tx, "name"), other(tx, "account"), other(tx, "bank"))
    return (own, theirs) if tx["direction"] == "debit" else (theirs, own)


def camt_entry(tx):
    debtor, creditor = sides(tx)
    amount = element("Amt", tx["amount"], f' Ccy="{tx.get("currency", "CNY")}"')
    sign = "<CdtDbtInd>" + ("DBIT" if tx["direction"] == "debit" else "CRDT") + "</CdtDbtInd>"
    texts = "".join(element("Ustrd", t) for t in (tx.get("remark", ""),))
    return (
        f"<Ntry>{element('NtryRef', tx['id'])}{amount}{sign}<Sts><Cd>BOOK</Cd></Sts>"
        f"<BookgDt><DtTm>{booked(tx).isoformat(timespec='milliseconds')}</DtTm></BookgDt>"
        f"{element('AcctSvcrRef', tx['id'])}"
        "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>OTHR</SubFmlyCd></Fmly></Domn></BkTxCd>"
        f"<NtryDtls><TxDtls><Refs>{element('AcctSvcrRef', tx['id'])}"
        "<EndToEndId>NOTPROVIDED</EndToEndId></Refs>"
        f"{amount}{sign}<RltdPties>"
        f"<Dbtr><Pty>{element('Nm', debtor[0])}</Pty></Dbtr>{account_element('DbtrAcct', debtor[1])}"
        f"<Cdtr><Pty>{element('Nm', creditor[0])}</Pty></Cdtr>{account_element('CdtrAcct', creditor[1])}"
        f"</RltdPties><RltdAgts>{agent_element('DbtrAgt', debtor[2])}{agent_element('CdtrAgt', creditor[2])}"
        f"</RltdAgts>{purpose_element(tx)}<RmtInf>{texts}</RmtInf></TxDtls></NtryDtls></Ntry>")


def purpose_element(tx):
    return f"<Purp>{element('Prtry', tx['purpose'])}</Purp>" if tx.get("purpose") else ""


def camt054(*txs):
    """A notification of one account's bookings, one or several."""
    tx = txs[0]
    stamp = booked(tx).isoformat(timespec="seconds")
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{CAMT054}"><BkToCstmrDbtCdtNtfctn>'
        f"<GrpHdr><MsgId>N{tx['id']}</MsgId><CreDtTm>{stamp}</CreDtTm></GrpHdr>"
        f"<Ntfctn><Id>N{tx['id']}</Id><CreDtTm>{stamp}</CreDtTm>"
        f"<Acct><Id><Othr>{element('Id', tx['account'])}</Othr></Id>"
        f"{element('Nm', tx.get('account_name', ''))}"
        f"{owner_element(tx)}{agent_element('Svcr', tx['bank'])}</Acct>"
        f"{''.join(camt_entry(t) for t in txs)}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>\n").encode()


def owner_element(tx):
    if not tx.get("enterprise"):
        return ""
    return f"<Ownr><Id><OrgId><Othr>{element('Id', tx['enterprise'])}</Othr></OrgId></Id></Ownr>"


def hvps111(tx):
    """A large-value credit transfer with its header and signature blocks; the remark in two tagged parts."""
    debtor, creditor = sides(tx)
    stamp = booked(tx)
    remark = tx.get("remark", "")
    xml = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{PACS008}"><FIToFICstmrCdtTrf>'
        f"<GrpHdr><MsgId>{tx['id']}</MsgId><CreDtTm>{stamp.strftime('%Y-%m-%dT%H:%M:%S')}</CreDtTm>"
        "<NbOfTxs>1</NbOfTxs><SttlmInf><SttlmMtd>CLRG</SttlmMtd></SttlmInf></GrpHdr>"
        f"<CdtTrfTxInf><PmtId><EndToEndId>{tx['id']}</EndToEndId><TxId>{tx['id']}</TxId></PmtId>"
        "<PmtTpInf><CtgyPurp><Prtry>A100</Prtry></CtgyPurp></PmtTpInf>"
        f"{element('IntrBkSttlmAmt', tx['amount'], ' Ccy=' + chr(34) + tx.get('currency', 'CNY') + chr(34))}"
        "<ChrgBr>DEBT</ChrgBr>"
        f"<Dbtr>{element('Nm', debtor[0])}</Dbtr>{account_element('DbtrAcct', debtor[1])}"
        f"{branch_element('DbtrAgt', debtor[2])}"
        f"{branch_element('CdtrAgt', creditor[2])}"
        f"<Cdtr>{element('Nm', creditor[0])}</Cdtr>{account_element('CdtrAcct', creditor[1])}"
        f"<Purp><Prtry>{escape(tx.get('purpose') or '02102')}</Prtry></Purp>"
        f"<RmtInf>{element('Ustrd', '/H01/' + remark if remark else '')}</RmtInf>"
        "</CdtTrfTxInf></FIToFICstmrCdtTrf></Document>")
    head = f"{{H:02{debtor[2][:12]:<14}HVPS{creditor[2][:12]:<14}HVPS{stamp.strftime('%Y%m%d%H%M%S')}" \
        f"XMLhvps.111.001.01     {tx['id'][:20]:<20}{tx['id'][:20]:<20}3U         }}\r\n"
    signature = base64.b64encode(hashlib.sha256(xml.encode()).digest()).decode()
    return f"{head}{{S:{signature}}}\r\n{xml}\r\n".encode()


def branch_element(name, bank):
    """CNAPS names the clearing member and the branch by their bank codes."""
    if not bank:
        return ""
    member = f"<FinInstnId><ClrSysMmbId>{element('MmbId', bank)}</ClrSysMmbId></FinInstnId>"
    return f"<{name}>{member}<BrnchId>{element('Id', bank)}</BrnchId></{name}>"


def native(tx):
    return json.dumps(tx, ensure_ascii=False, separators=(",", ":")).encode()
