package feeds

import (
	"slices"
	"strings"
)

// mediumEndings are what names of media end in, and names of people do not.
var mediumEndings = []string{"网", "报", "社", "台", "周刊", "杂志", "频道", "在线", "客户端", "财经", "新闻"}

// IsMedium reports whether a name is that of a medium by its ending: 农金网, 农民日报. A name that is nothing but such
// an ending is none. White space around it does not count.
func IsMedium(name string) bool {
	name = strings.TrimSpace(name)
	return slices.ContainsFunc(mediumEndings, func(ending string) bool {
		return strings.HasSuffix(name, ending) && name != ending
	})
}

// IsMediumEnding reports whether a name is nothing but what names of media end in: 财经, which is in every other name.
func IsMediumEnding(name string) bool { return slices.Contains(mediumEndings, name) }
