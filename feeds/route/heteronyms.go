package route

import (
	"strings"
	"sync"
)

// heteronym is a character that is read otherwise than commonly in some words.
type heteronym struct {
	character rune
	reading   string
	words     string // in which it is read so, parted by spaces
}

// common overrules the reading that the library takes for the commonest: in names of media and places it is this one.
var common = map[rune]string{
	'长': "chang", '長': "chang", '都': "du", '厦': "xia", '廈': "xia", '什': "shi",
}

// heteronyms are words of the names of media and places. Some stand here with the common reading, because no word begins
// inside one: 协会计划 is no 会计, 旅行家 is no 行家.
var heteronyms = []heteronym{
	{'行', "hang", "银行 銀行 农商行 商行 央行 农行 农发行 工行 中行 建行 交行 招行 投行 分行 支行 总行 行长 行业 行業 行情 行家 行市 行社 行会 " +
		"行列 行当 行规 同行 外行 内行 本行 排行 各行 拍卖行 典当行 洋行 车行 琴行 国行 农信行"},
	{'行', "xing", "旅行 发行 执行 出行 流行 飞行 进行 运行 步行 骑行 举行 推行 试行 现行 通行 航行 履行 实行"},
	{'发', "fa", "开发 研发"},
	{'长', "zhang", "行长 成长 增长 生长 助长 县长 市长 省长 区长 州长 乡长 镇长 村长 局长 部长 会长 社长 台长 校长 院长 厂长 所长 队长 " +
		"团长 船长 事长 书长 家长 首长 学长 长者 长老 长官 长辈 消长 长子县"},
	{'长', "chang", "长江 长沙 长春 长城 长安 长治 长寿 长三角 长乐 长兴 长丰 长清 长葛 长垣 长汀 长宁 长白 长海 长岛 长岭 长阳 长顺 长泰 " +
		"长武 长征 长虹 长隆 长株潭 长航 长期"},
	{'重', "chong", "重庆 重慶 重阳 重组 重整 重构 重建 重塑 重启 重新 重生 双重 多重"},
	{'会', "kuai", "会计 财会 会稽 注会"},
	{'會', "kuai", "會計 財會"},
	{'会', "hui", "会计划 会计算 会计量 社会 协会"},
	{'乐', "yue", "音乐 乐清 乐团 乐队 乐器 乐坛 国乐 声乐 乐评 爱乐 器乐 交响乐 礼乐 弦乐"},
	{'樂', "yue", "音樂"},
	{'乐', "lao", "乐亭 乐陵"},
	{'藏', "zang", "西藏 藏族 藏文 藏语 藏医 藏药 藏地 藏区 青藏 川藏 滇藏 新藏 藏历 藏汉 援藏 宝藏 大藏经 三藏"},
	{'厦', "sha", "大厦 广厦 商厦"},
	{'调', "tiao", "空调 调整 调控 调节 调解 调味 调料 协调 烹调 调理 调剂 调和 调试 微调 失调"},
	{'朝', "zhao", "今朝 朝花 朝闻 朝晖 朝霞 朝夕 朝气 朝日"},
	{'单', "shan", "单县"},
	{'参', "shen", "人参 海参 党参 西洋参"},
	{'传', "zhuan", "传记 自传 评传 列传 外传 水浒传 小传"},
	{'畜', "xu", "畜牧 畜产 牧畜 畜养"},
	{'给', "ji", "供给 给水 给排水 给予 补给 自给 配给"},
	{'还', "huan", "还款 还贷 还乡 返还 归还 还原 还建 偿还"},
	{'率', "shuai", "率先 表率 统率"},
	{'便', "pian", "便宜"},
	{'差', "chai", "出差 邮差 差旅"},
	{'模', "mu", "模具 模板"},
	{'泊', "bo", "泊车 泊头 泊位 漂泊 淡泊"},
	{'弹', "tan", "弹性 弹唱 弹簧 评弹"},
	{'角', "jue", "角色 主角 配角 名角 角逐"},
	{'校', "jiao", "校对 校订"},
	{'了', "liao", "了解 了望 知了"},
	{'薄', "bo", "薄膜 薄弱 薄利"},
	{'仔', "zi", "仔猪 仔细"},
	{'轧', "zha", "轧钢 冷轧 热轧"},
	{'什', "shen", "什么"},
	{'曝', "bao", "曝光"},
	{'茄', "qie", "番茄"},
	{'番', "pan", "番禺"},
	{'六', "lu", "六安 六合"},
	{'蚌', "beng", "蚌埠"},
	{'涡', "guo", "涡阳 涡河"},
	{'铅', "yan", "铅山"},
	{'浚', "xun", "浚县"},
	{'荥', "ying", "荥经"},
	{'洞', "tong", "洪洞"},
	{'峙', "shi", "繁峙"},
	{'筠', "jun", "筠连"},
	{'莘', "xin", "莘庄"},
	{'犍', "qian", "犍为"},
	{'浒', "xu", "浒墅 浒关"},
	{'埔', "bu", "大埔县 大埔区 大埔网"},
	{'堡', "bu", "吴堡 瓦窑堡"},
	{'大', "dai", "大城县 大夫"},
	{'蔚', "yu", "蔚县"},
	{'阿', "e", "东阿 阿胶"},
	{'珲', "hun", "珲春"},
	{'尉', "yu", "尉犁 尉迟"},
	{'牟', "mu", "中牟 牟平"},
	{'泌', "bi", "泌阳"},
	{'陂', "pi", "黄陂"},
	{'曾', "zeng", "曾都 曾国藩"},
	{'解', "hai", "解州"},
	{'枞', "zong", "枞阳"},
	{'佛', "fo", "佛山"},
	{'勒', "le", "弥勒 疏勒 尼勒克"},
}

// words returns how certain characters are read in a word, by the word.
var words = sync.OnceValue(func() map[string]map[rune]string {
	read := make(map[string]map[rune]string)
	for _, h := range heteronyms {
		for word := range strings.FieldsSeq(h.words) {
			if read[word] == nil {
				read[word] = make(map[rune]string)
			}
			read[word][h.character] = h.reading
		}
	}
	return read
})

// longestWord is the number of characters of the longest of words.
const longestWord = 4

// wordAt returns how the longest word at the beginning of name is read, and its length; 0 where none is there. 长 at
// the end of a title (省长) gives way to a place that begins with it: 吉林省长春市.
func wordAt(name []rune) (readings map[rune]string, size int) {
	for size := min(longestWord, len(name)); size > 1; size-- {
		readings, known := words()[string(name[:size])]
		if !known {
			continue
		}
		if name[size-1] == '长' {
			if _, place := wordAt(name[size-1:]); place > 0 {
				continue
			}
		}
		return readings, size
	}
	return nil, 0
}
