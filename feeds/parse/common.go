package parse

// characterSet is a set of characters of the Basic Multilingual Plane: a bit for each.
type characterSet [1 << 16 / 64]uint64

func setOf(characters string) *characterSet {
	var set characterSet
	for _, r := range characters {
		set[r/64] |= 1 << (r % 64)
	}
	return &set
}

func (s *characterSet) has(r rune) bool {
	return r >= 0 && r < 1<<16 && s[r/64]&(1<<(r%64)) != 0
}

// The characters that a financial news text of each language is mostly made of: half of it at least. Text that was decoded
// by the wrong charset holds characters without regard to how common they are: of those that a charset has it hits these
// once in ten.
var (
	commonHan    = setOf(simplified + traditional)
	commonTaiwan = setOf(traditional + both)
	commonKanji  = setOf(kanji)
	commonHangul = setOf(hangul)
)

// simplified are characters of mainland China, many of them the same in Taiwan.
const simplified = `的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经
十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重
新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特
件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压
志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米
整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往
酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严首底
银行贷款融资金股投资产业务户企监管债券村镇信用支付额亿元粮食乡村振兴惠普险负责率财税季预涨跌盘创板购售供需稳促降息款额币额购房汇款签署推荐扶贫播种耕
供给项目显示数据网络媒创新服务企业银监局客户贷款余额额获批涉补贴`

// traditional are characters that are written otherwise in mainland China.
const traditional = `這為個國時來們對會發動過說產種後學經進著當電點從業應開還與關兩體現實機間樣無義線內數氣變條沒結問系軍黨題長設組計運農幾區強戰隊
給門規熱領東導壓誌濟階術極聯認權證轉單風帶場車務萬達積議聲報類離華確張馬節話溫傳許廣記際驗連斷難礦書眾復兒須備辦習響約勞團歷構稱準號維劃選標寫親
養層狀廠識適屬圓調滿縣參紅細聽鐵價嚴銀貸款資額億糧鄉興險責財稅預漲盤創購售穩促幣匯簽項顯網媒服務客戶餘獲補貼投信用金融監管債券灣臺港總將較見論決據處
則場讓爭陸試員質壹億銷環歐飛費戶聯準貨幣課協衛願樂專軟術鐘齊`

// both are characters that simplified and traditional writing have in common.
const both = `的一是在不了有和人中大上我以要他用生到作地於出就分成可主年同工也能下子面而方多定行法所民得十三之等部度家力里如水化高自二理起小物加量都制使本去把性好
合因由其些然前外天政四日那社事平形相全表各重新正心反你明看原又么利比或但第向道命此只解意建月公情者最立代想已通並提直程展五果料象革位入常文次品式活及管特件
求老基邊流路級少山接知別手角期根指九放西被做必先回任取南色光即保治北造百七海口器世金增思交受什六共收改清己美再更切打白教速花安身例真具每目至走示完八名才
科信米整空元今集土步石需段研界林律且究越織影算低持音布容商非近千周委素技半青省列支般史感便往市何除消府太精值率族查江型眼王格易置始卻育京包火住局照引首底`

// kanji are the Han characters of Japanese; its kana are counted whole.
const kanji = `日一国人年大十二本中長出三時行見月後前生五間上東四今金九入学高円子外八六下来気小七山話女北午百書先名川千水半男西電校語土木聞食車何南万毎白天母火右
読友左休父雨会同事自社発者地業方新場員立開手力問代明動京目通言理体田主題意不作用度強公持野以思家世多正安院心界教文元重近考画海売知道集別物使品計死特私始
朝運終台広住真有口少町料工建空急止送切転研究味質銀貸融資農林協組合支援額増加減前年度億円株価市場政府予算経済成長率利投資産需給影響対応取組計画実施状況拡
表務省庁県村地域活性化企業消費者物価上昇下落見通発表調査報告制度改正策定決定推進開始予定関係連携強化向上取引先担保`

// hangul are syllables of Korean.
const hangul = `이다는의에을를가고하은한도지사기로인대서자시리어아나정일수해으보부들국제있상라게그원주과전장년조비공만세동경중것위선여구성유업생적진용신안화오소계
니스금었방관개문연미행치면산마무분와했재입농은행협대출지원투융경제자금시장기업올해지난억조원퍼센트늘었고밝혔확대역할예적급등상승하락가율금리정책위회의통증권
요양체결실심모발본약물품청담외교육까거드건했습니며되된될만처럼러달말또각준추명합당설현황`
