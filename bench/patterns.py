"""Writes N text patterns into a folder: `patterns.py FOLDER N`. The same N gives the same patterns.

The words are those that frauds use, joined at random, so that a pattern costs what a real one costs and hits
as seldom: literals of 4 to 8 characters, some with a gap between their halves, each with an exception. The
last, `bench-probe`, matches the probes of latency.c.
"""

import pathlib
import random
import sys

FIRST = ("安全 资金 稽查 账户 验资 解冻 流水 考察 评审 代理 投标 军需 后勤 社保 补贴 域名 商标 理赔 店铺 内部 原始 数字 "
         "清退 年检 升级 激活 变更 收款 保密 领导 董事 紧急 垫付 代购 自热 武警 引资 评估 对赌 包装").split()
SECOND = ("保证金 验证款 核查费 服务费 手续费 公证费 押金 定金 认购款 通道费 激活费 审核费 律师费 考察费 申报费 "
          "续费款 续展费 清算款 解冻款 中转款 过账款 拆借款 往来急付 急付款 手续后补 转私户 新账户 备付金").split()
EXCEPTIONS = "公共资源交易中心 财政局 国库 人民法院 税务局 公证处 住房公积金 社会保险".split()
# Pairs that honest bookings hold by the thousand; a real pattern would ask for more than the words.
HABITUAL = {"账户服务费", "账户手续费", "投标保证金", "代理服务费", "评估服务费", "评审服务费"}
PROBE = "基准探针转账"


def pattern(name, typology, any_, none, hit):
    quote = "', '".join
    return f"""\
id: {name}
version: 1
status: active
typology: {typology}
title: {{zh: 基准 {name}, en: Benchmark {name}}}
audience: analyst
score: 45
detect:
  text: {{in: [remark, purpose], any: ['{quote(any_)}'], none: ['{quote(none)}']}}
advice: [a1]
references: [made by bench/patterns.py]
false_positives: [none known]
tests:
  - expect: hit
    name: says it
    feed: [{{remark: '{hit}'}}]
  - expect: miss
    name: says something else
    feed: [{{remark: 货款}}]
"""


def one(random_, number):
    any_ = []
    for _ in range(random_.randint(3, 8)):
        first, second = random_.choice(FIRST), random_.choice(SECOND)
        if first + second in HABITUAL:
            continue
        any_.append(f"/{first}.{{0,4}}{second}/" if random_.random() < 0.4 else first + second)
    any_ = any_ or ["安全账户核查费"]
    hit = any_[0].strip("/").replace(".{0,4}", "")
    typology = f"V{random_.randint(1, 18):02d}"
    return pattern(f"bench-{number:04d}", typology, any_, random_.sample(EXCEPTIONS, 2), hit)


def main():
    folder, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    random_ = random.Random(20260302)
    for number in range(count - 1):
        (folder / f"bench-{number:04d}.yaml").write_text(one(random_, number), encoding="utf-8")
    probe = pattern("bench-probe", "V01", [PROBE], ["国库"], PROBE)
    (folder / "bench-probe.yaml").write_text(probe, encoding="utf-8")


if __name__ == "__main__":
    main()
