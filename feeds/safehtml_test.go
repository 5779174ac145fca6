package feeds

import "testing"

func TestSafeHTMLText(t *testing.T) {
	for _, test := range []struct {
		name string
		html SafeHTML
		want string
	}{
		{"nothing", "", ""},
		{"text alone", "农商行", "农商行"},
		{"paragraphs", "<p>第一段</p><p>第二段</p>", "第一段\n第二段"},
		{"inline elements join", `<p>支农<strong>贷款</strong>见<a href="https://a.example/?a=1&amp;b=2" rel="nofollow">这里</a>。</p>`, "支农贷款见这里。"},
		{"line break", "<p>一<br/>二</p>", "一\n二"},
		{"cells", "<table><tr><td>玉米</td><td>2.31</td></tr></table>", "玉米\n2.31"},
		{"references", "<p>&lt;p&gt;不是标签 &amp;amp;</p>", "<p>不是标签 &amp;"},
		{"an image says nothing", `<figure><img src="https://a.example/1.png" alt="图"/><figcaption>说明</figcaption></figure>`, "说明"},
		{"torn", "<p>半个<", "半个"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := test.html.Text(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
