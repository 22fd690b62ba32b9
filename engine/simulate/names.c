#include "simulate/names.h"

#include "simulate/random.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define CHARACTER 3 /* bytes of a Chinese character */

static const char surnames[] =
	"王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖";
static const char given_first[] =
	"志建国文明海晓小玉春秀丽美雅思子宇浩俊伟永金桂凤淑素惠慧佳嘉欣雪梦诗振庆德立宏少世东南家";
static const char given_last[] =
	"华军平强勇杰涛斌波辉鹏飞磊超刚峰龙生林梅英芳燕红霞玲娟敏静丽萍兰琴珍云莲婷洁雯琪萱怡轩豪然";
static const char word_first[] = "恒瑞鑫宏泰盛华金锦嘉德信诚远顺隆兴昌富荣和亿联中汇凯佳润祥永";
static const char word_last[] = "达源通盛泰丰利发宇辰腾科诺美博创航城景邦维力尔康晟磊淼煜骏晖";
static const char *const forms[] = {"有限公司", "有限公司", "有限公司", "有限公司", "有限责任公司", "有限公司",
                                    "股份有限公司"};

/* Characters that are mistaken for each other at a glance. */
static const char similar[] = "恒桓瑞端鑫金宏弘泰秦盛胜华化锦绵嘉佳德得信倍诚城远运顺须隆降昌晶富副亿忆汇江凯剀润闰祥详永水";

static void put_character(struct put *p, const char *characters, uint32_t index)
{
	put_bytes(p, characters + index * CHARACTER, CHARACTER);
}

static void put_any(struct put *p, struct random *r, const char *characters, size_t bytes)
{
	put_character(p, characters, random_below(r, bytes / CHARACTER));
}

void names_person(uint64_t seed, struct put *p)
{
	struct random r = {seed};

	put_any(p, &r, surnames, sizeof(surnames) - 1);
	if (random_percent(&r, 70))
		put_any(p, &r, given_first, sizeof(given_first) - 1);
	put_any(p, &r, given_last, sizeof(given_last) - 1);
}

size_t names_surname_bytes(const char *person)
{
	return person[0] != '\0' ? CHARACTER : 0;
}

void names_word(uint64_t seed, struct put *p)
{
	struct random r = {seed};

	put_any(p, &r, word_first, sizeof(word_first) - 1);
	put_any(p, &r, word_last, sizeof(word_last) - 1);
}

void names_firm(uint64_t seed, enum place place, const struct trade_info *trade, struct put *p)
{
	struct random r = {seed};

	put_text(p, places[place].name);
	if (random_percent(&r, 60))
		put_text(p, "市");
	put_any(p, &r, word_first, sizeof(word_first) - 1);
	put_any(p, &r, word_last, sizeof(word_last) - 1);
	if (random_percent(&r, 35)) /* a third syllable, so that ten thousand firms hardly meet */
		put_any(p, &r, word_last, sizeof(word_last) - 1);
	put_text(p, trade->word);
	put_text(p, forms[random_below(&r, COUNT(forms))]);
}

static const char *find(struct slice name, const char *part)
{
	return memmem(name.at, name.length, part, strlen(part));
}

/* `name` with the bytes from `at` on replaced. */
static void put_replaced(struct put *p, struct slice name, const char *at, size_t length, const char *by,
                         size_t by_length)
{
	put_bytes(p, name.at, (size_t)(at - name.at));
	put_bytes(p, by, by_length);
	put_bytes(p, at + length, (size_t)(name.at + name.length - at) - length);
}

static bool swap_syllable(struct random *r, struct slice name, struct put *p)
{
	uint32_t pairs = (sizeof(similar) - 1) / (2 * CHARACTER), first = random_below(r, pairs);

	for (uint32_t i = 0; i < pairs; i++) {
		const char *pair = similar + (first + i) % pairs * 2 * CHARACTER;
		char from[CHARACTER + 1] = {pair[0], pair[1], pair[2]};
		const char *at = find(name, from);
		if (at == NULL)
			continue;
		put_replaced(p, name, at, CHARACTER, pair + CHARACTER, CHARACTER);
		return true;
	}
	return false;
}

static bool swap_form(struct slice name, struct put *p)
{
	static const char *const pairs[][2] = {{"股份有限公司", "有限公司"}, {"有限责任公司", "有限公司"},
	                                       {"有限公司", "有限责任公司"}};

	for (size_t i = 0; i < COUNT(pairs); i++) {
		const char *at = find(name, pairs[i][0]);
		if (at == NULL)
			continue;
		put_replaced(p, name, at, strlen(pairs[i][0]), pairs[i][1], strlen(pairs[i][1]));
		return true;
	}
	return false;
}

void names_lookalike(uint64_t seed, struct slice name, struct put *p)
{
	struct random r = {seed};
	const char *city = find(name, "市");

	if (random_percent(&r, 70) && swap_syllable(&r, name, p))
		return;
	if (city != NULL && random_percent(&r, 50))
		put_replaced(p, name, city, CHARACTER, "", 0);
	else if (!swap_form(name, p))
		put_slice(p, name);
}
