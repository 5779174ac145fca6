package fetch

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"finews.withounder.com/feeds"
)

// Each case is the statuses of a chain of redirects, and how many of them are a move.
func TestMovedTo(t *testing.T) {
	for _, test := range []struct {
		statuses []int
		moved    int
	}{
		{nil, 0},
		{[]int{301}, 1}, {[]int{308}, 1}, {[]int{301, 308, 301}, 3},
		{[]int{302}, 0}, {[]int{303}, 0}, {[]int{307}, 0},
		{[]int{301, 302}, 1}, {[]int{308, 307, 301}, 1}, {[]int{302, 301}, 0}, {[]int{301, 301, 303, 308}, 2},
	} {
		server := serve(t, func(w http.ResponseWriter, r *http.Request) {
			var step int
			fmt.Sscanf(r.URL.Path, "/%d", &step)
			if step < len(test.statuses) {
				w.Header().Set("Location", fmt.Sprintf("/%d?栏目=农金#头条", step+1))
				w.WriteHeader(test.statuses[step])
				return
			}
			if r.Header.Get("If-None-Match") != "" {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			fmt.Fprint(w, document)
		})
		want := ""
		if test.moved > 0 {
			want = fmt.Sprintf("%s/%d?栏目=农金", server.URL, test.moved)
		}
		for _, validators := range []feeds.Validators{{}, {URL: server.URL + "/0", ETag: `"一"`}} {
			answer, err := newClient(t).Get(context.Background(), source(server.URL+"/0"), validators)
			if err != nil || answer.MovedTo != want || answer.NotModified != (validators.ETag != "") {
				t.Errorf("%v: moved to %q, want %q (not modified %t, %v)", test.statuses, answer.MovedTo, want, answer.NotModified, err)
			}
		}
	}
}

// A move to where nothing may be asked is a failure, and so never remembered.
func TestNoMoveToAPrivateAddress(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://169.254.169.254/latest/", http.StatusMovedPermanently)
	})
	answer, err := get(newClient(t), server.URL)
	wantFailure(t, err, phaseGuard, "169.254.169.254")
	if answer.MovedTo != "" {
		t.Errorf("moved to %s", answer.MovedTo)
	}
}

// recorder serves documents and keeps the header of each request by its path.
func recorder(t *testing.T, redirects map[string]string) (address string, seen map[string]http.Header) {
	t.Helper()
	seen = map[string]http.Header{}
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen[r.URL.Path] = r.Header
		if to := redirects[r.URL.Path]; to != "" {
			http.Redirect(w, r, to, http.StatusFound)
			return
		}
		w.Header().Set("ETag", `"文"`)
		fmt.Fprint(w, document)
	})
	return server.URL, seen
}

func TestGetAtIsUnconditionalAndAsksForPages(t *testing.T) {
	address, seen := recorder(t, nil)
	s := source(address + "/rss.xml")
	s.Headers = map[string]string{"X-Api-Key": "秘密", "If-None-Match": "*"}
	answer, err := newClient(t).GetAt(context.Background(), s, address+"/文章.html#正文")
	if err != nil || string(answer.Body) != document {
		t.Fatalf("got %.40q, %v", answer.Body, err)
	}
	got := seen["/文章.html"]
	if got.Get("Accept") != acceptPage || !strings.HasPrefix(acceptPage, "text/html, application/json") ||
		got.Get("X-Api-Key") != "秘密" || got.Get("If-None-Match") != "" || got.Get("Referer") != "" {
		t.Errorf("request was %q", got)
	}
	if answer.Validators.For(s.URL) != (feeds.Validators{}) {
		t.Errorf("the validators are of the source: %+v", answer.Validators)
	}
	s.Headers["accept"] = "text/plain"
	if _, err := newClient(t).GetAt(context.Background(), s, address+"/b"); err != nil || seen["/b"].Get("Accept") != "text/plain" {
		t.Errorf("Accept was %q, %v", seen["/b"].Get("Accept"), err)
	}
}

// What the operator gave for one server is for no other, whichever way the trip comes to it.
func TestGetAtKeepsHeadersAtTheirServer(t *testing.T) {
	other, foreign := recorder(t, nil)
	home, seen := recorder(t, map[string]string{"/leave": other + "/left"})
	back, returned := recorder(t, map[string]string{"/return": home + "/back"})
	s := source(home + "/rss.xml")
	s.Headers = map[string]string{"Authorization": "Basic 秘密"}
	for _, address := range []string{home + "/a", home + "/leave", other + "/direct", back + "/return"} {
		if _, err := newClient(t).GetAt(context.Background(), s, address); err != nil {
			t.Fatal(err)
		}
	}
	got := map[string]bool{}
	for _, records := range []map[string]http.Header{seen, foreign, returned} {
		for path, header := range records {
			got[path] = header.Get("Authorization") != ""
		}
	}
	want := map[string]bool{"/a": true, "/leave": true, "/left": false, "/direct": false, "/return": false, "/back": false}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("headers were sent %v, want %v", got, want)
	}
}

func TestSameServer(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"http://a.example/1", "http://A.example:80/2", true},
		{"http://a.example/", "https://a.example/", true},
		{"https://a.example/", "http://a.example/", false},
		{"https://a.example:8443/", "http://a.example:8443/", false},
		{"http://a.example:8080/", "https://a.example/", false},
		{"https://a.example/", "https://b.example/", false},
		{"https://a.example/", "https://sub.a.example/", false},
		{"http://a.example:8080/", "http://a.example:8080/", true},
	} {
		if got := sameServer(parsed(t, test.a), parsed(t, test.b)); got != test.want {
			t.Errorf("from %s to %s: %t, want %t", test.a, test.b, got, test.want)
		}
	}
}

func TestGetAtIsGuardedAndBounded(t *testing.T) {
	address, _ := recorder(t, map[string]string{"/inside": "http://10.0.0.1/"})
	s := source(address + "/rss.xml")
	s.MaxBytes = 100
	client := newClient(t)
	for at, want := range map[string]struct{ phase, words string }{
		"http://10.0.0.1/":                              {phaseGuard, "10.0.0.1"},
		address + "/inside":                             {phaseGuard, "10.0.0.1"},
		address + "/long":                               {phaseBody, "body over 100 bytes"},
		"file:///etc/passwd":                            {phaseAddress, "neither http nor https"},
		"http://u:secret@a.example/":                    {phaseAddress, "user or password"},
		"http://a.example/%zz-secret":                   {phaseAddress, "what the source sent cannot be read"},
		address + "/" + strings.Repeat("农", maxAddress): {phaseAddress, "longer than 8 KiB"},
	} {
		_, err := client.GetAt(context.Background(), s, at)
		wantFailure(t, err, want.phase, want.words)
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("the secret shows in %q", err)
		}
	}
}

// The port that feeds.yaml names is open at its host alone.
func TestGetAtPorts(t *testing.T) {
	listed := map[string]any{}
	client := newClient(t, func(o *Options) { o.Dial = tellPort(listed) })
	s := source("http://county.example:8080/rss.xml")
	for _, address := range []string{"http://county.example:8080/a", "http://county.example:8081/a", "http://other.example:8080/a", "http://other.example/a"} {
		client.GetAt(context.Background(), s, address)
	}
	want := map[string]any{"county.example:8080": "8080", "county.example:8081": nil, "other.example:8080": nil, "other.example:80": nil}
	if fmt.Sprint(listed) != fmt.Sprint(want) {
		t.Errorf("ports that the dialer was told of: %v, want %v", listed, want)
	}
}
