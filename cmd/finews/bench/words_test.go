package bench

import (
	"math/rand/v2"
	"strconv"
	"strings"
)

// words is what sentences are made of. Every character is in GBK, so that each document can be written in it.
type words struct {
	places, divisions, orgs, surnames, given, roles, verbs, goods, units, months, closings []string
}

// newWords returns the words. It is a function because a package variable could be changed by whoever holds it.
func newWords() words {
	return words{
		places:    split("云 岭 沧 溪 澜 江 青 禾 牧 川 枫 桥 蓝 湾 凤 栖 定 河 乌 石 平 野 湖 阳 榕 海 松 原 白 鹭 清 泉 柳 庄 梅 林 沙 洲 龙 门 虎 丘 金 坪 银 杏 桃 源 竹 溪 麦 城 稻 香 茶 陵 盐 池 桑 园 棉 铺"),
		divisions: split("县 市 区 镇 乡 旗 州"),
		orgs:      split("农商行 农信社 村镇银行 供销社 合作社 农担公司 农险公司 信用联社 农业农村局 金融服务中心 粮食企业 家庭农场 果品公司 种业集团 农机站 普惠服务点"),
		surnames:  split("赵 钱 孙 李 周 吴 郑 王 冯 陈 褚 卫 蒋 沈 韩 杨 朱 秦 尤 许 何 吕 施 张 孔 曹 严 华 金 魏 陶 姜 戚 谢 邹 喻 柏 水 窦 章"),
		given:     split("春 夏 秋 冬 山 川 田 禾 麦 稻 明 亮 志 远 文 静 丽 娟 建 国 富 贵 安 康 永 福 长 青 小 满 立 新 守 信 晓 雨 云 海 一 帆"),
		roles:     split("行长 客户经理 主任 会计 种粮大户 养殖户 理赔员 协保员 村干部 理事长 技术员 信贷员 返乡青年 果农 茶农 牧民"),
		verbs:     split("发放 回收 登记 承保 赔付 减免 追加 核定 展期 置换 担保 质押 代发 结算 公示 测算 压降 下调 提高 覆盖 走访 授信 续贷 清理 补贴 垫付 预付 归集 盘活 分摊 投向 撬动 对接 试点 推广 收购 入库 烘干 加工 外运"),
		goods:     split("春耕贷款 农机贷款 生猪保险 水稻保险 大棚贷款 仓单融资 订单融资 信用贷款 助学贷款 养老金 土地流转款 碳汇收益 冷链设备 良种补贴 化肥储备 节水工程 光伏项目 乡村旅店 柑橘货款 茶青货款 奶牛抵押 渔排保险 林权抵押 价格指数保险 整村授信 普惠金融 供应链金融 乡村振兴专项贷款 粮食收购资金 合作社分红 小额信贷 保费补贴 风险补偿金 担保基金 手机银行 流动服务车 村级服务点 电子账本 信用评级 产业园区"),
		units:     split("万元 户 亩 笔 吨 公里 人次 台 家 头 张 座 个村 箱"),
		months:    split("一月 二月 三月 四月 五月 六月 七月 八月 九月 十月 十一月 十二月"),
		closings:  split("让农户少跑了路 为县域经济添了底气 把风险挡在了田埂之外 使账期明显缩短 带动了周边就业 得到村民认可 仍需时间检验 将按季公布进展 打通了最后一公里 也暴露出人手不足 要求各网点限期整改 有望在全省推开"),
	}
}

func split(list string) []string { return strings.Fields(list) }

// pick returns one of the words.
func pick(r *rand.Rand, from []string) string { return from[r.IntN(len(from))] }

// place names a place that does not exist.
func (w words) place(r *rand.Rand) string {
	return pick(r, w.places) + pick(r, w.places) + pick(r, w.divisions)
}

func (w words) person(r *rand.Rand) string {
	return pick(r, w.surnames) + pick(r, w.given) + pick(r, w.given)
}

// clause says who did what, and how much. It has about 40 bits of chance in it.
func (w words) clause(r *rand.Rand) string {
	amount := strconv.Itoa(10+r.IntN(99990)) + pick(r, w.units)
	switch r.IntN(4) {
	case 0:
		return pick(r, w.verbs) + pick(r, w.goods) + amount
	case 1:
		return pick(r, w.months) + "以来" + pick(r, w.goods) + pick(r, w.verbs) + amount
	case 2:
		return w.place(r) + pick(r, w.verbs) + pick(r, w.goods) + amount
	default:
		return pick(r, w.roles) + w.person(r) + "已" + pick(r, w.verbs) + amount
	}
}

// sentence is made of an opening and two to four clauses: the chance that a corpus of ten million sentences holds
// one of them twice is below one in a million.
func (w words) sentence(r *rand.Rand) string {
	var b strings.Builder
	b.WriteString(w.place(r) + pick(r, w.orgs) + pick(r, w.roles) + w.person(r) + "介绍，")
	for range 2 + r.IntN(3) {
		b.WriteString(w.clause(r) + "，")
	}
	b.WriteString(pick(r, w.closings) + "。")
	return b.String()
}

// title is a headline.
func (w words) title(r *rand.Rand) string {
	return w.place(r) + pick(r, w.orgs) + w.clause(r) + " " + pick(r, w.closings)
}
