package parse

import "testing"

func TestContinuations(t *testing.T) {
	for _, c := range []struct {
		first, address string
		want           bool
	}{
		{"https://county.example/news/1.html", "https://county.example/news/1_2.html", true},
		{"https://county.example/news/1.html", "https://county.example/news/1-2.shtml", true},
		{"https://county.example/news/1", "https://county.example/news/1/2", true},
		{"https://county.example/show?id=1", "https://county.example/show?id=1&page=2", true},
		{"https://county.example/news/1.html", "https://county.example/news/2.html", false},
		{"https://county.example/news/1.html", "https://county.example/news/11.html", false},
		{"https://county.example/news/", "https://county.example/news/2.html", false},
		{"https://county.example/show?id=1", "https://county.example/show?id=2&page=2", false},
		{"https://county.example/news/1.html", "https://other.example/news/1_2.html", false},
		{"https://county.example/news/1.html", "https://county.example/comment/1_2.html", false},
	} {
		if got := isContinuation(c.first, c.address); got != c.want {
			t.Errorf("%s goes on at %s: %t, want %t", c.first, c.address, got, c.want)
		}
	}
}
