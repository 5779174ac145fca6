package parse

// months are the names of the months; Chinese ones are numbers once plainDate has read them.
var months = map[string]int{
	"jan": 1, "january": 1, "feb": 2, "february": 2, "mar": 3, "march": 3, "apr": 4, "april": 4, "may": 5, "jun": 6, "june": 6,
	"jul": 7, "july": 7, "aug": 8, "august": 8, "sep": 9, "sept": 9, "september": 9, "oct": 10, "october": 10,
	"nov": 11, "november": 11, "dec": 12, "december": 12,
}

// weekdays are passed by: where they are wrong, the rest of the date is right.
var weekdays = map[string]bool{
	"mon": true, "monday": true, "tue": true, "tues": true, "tuesday": true, "wed": true, "wednesday": true,
	"thu": true, "thur": true, "thurs": true, "thursday": true, "fri": true, "friday": true, "sat": true, "saturday": true,
	"sun": true, "sunday": true,
}

// namedDays are days from the day of asking.
var namedDays = map[string]int{
	"今天": 0, "今日": 0, "today": 0, "昨天": -1, "昨日": -1, "yesterday": -1, "前天": -2, "前日": -2, "大前天": -3,
	"明天": 1, "明日": 1, "tomorrow": 1, "后天": 2,
}

// dayPeriod is the half of the day that the hours of a clock are counted in.
type dayPeriod int

const (
	noPeriod  dayPeriod = iota // hours 0 to 24
	morning                    // 12 is midnight
	noon                       // 11 and 12 are as they stand, 1 is 13
	afternoon                  // 12 is noon
	night                      // 8 is 20, and 12 the midnight that ends the day
)

var periods = map[string]dayPeriod{
	"am": morning, "上午": morning, "凌晨": morning, "清晨": morning, "早上": morning, "早晨": morning, "早间": morning,
	"中午": noon, "正午": noon,
	"pm": afternoon, "下午": afternoon, "午后": afternoon, "傍晚": afternoon,
	"晚上": night, "晚间": night, "夜间": night, "夜晚": night, "深夜": night,
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' } // after plainDate there are no others of ASCII

// leadingWord returns the letters that s starts with; the dots of a.m. and p.m. go with them.
func leadingWord(s string) (word, rest string) {
	if len(s) >= 4 && (s[:4] == "a.m." || s[:4] == "p.m.") {
		return s[:1] + "m", s[4:]
	}
	n := 0
	for n < len(s) && isLetter(s[n]) {
		n++
	}
	return s[:n], s[n:]
}

// leadingNumber returns the number that s starts with and how many digits it has. Only the first 9 count: no part of a
// date has more.
func leadingNumber(s string) (n, width int, rest string) {
	for width < len(s) && isDigit(s[width]) {
		if width < 9 {
			n = n*10 + int(s[width]-'0')
		}
		width++
	}
	return n, width, s[width:]
}
