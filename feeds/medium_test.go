package feeds

import "testing"

func TestIsMedium(t *testing.T) {
	for name, want := range map[string]bool{
		"农金网": true, " 农民日报　": true, "第一财经": true, "县域金融周刊": true, "江畔农商行": false, "张三": false, "": false, "网": false, "新闻": false,
	} {
		if got := IsMedium(name); got != want {
			t.Errorf("IsMedium(%q) is %t, want %t", name, got, want)
		}
	}
	if !IsMediumEnding("财经") || IsMediumEnding("第一财经") {
		t.Error("财经 is an ending, 第一财经 is a name")
	}
}
