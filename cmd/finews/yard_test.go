package main

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// yardTime is the variable that tells the time to mainAt.
const yardTime = "FINEWS_TEST_TIME"

// mainAt is main with a clock that stands: what is stored and published does not depend on how long a test took.
func mainAt() {
	now, err := time.Parse(time.RFC3339, os.Getenv(yardTime))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitFatal)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	p := program{stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv, arguments: os.Args[1:], now: func() time.Time { return now }}
	os.Exit(p.run(ctx))
}

// upstream is three feeds on loopback, of which each version brings three entries and edits some.
type upstream struct {
	version atomic.Int64
	server  *httptest.Server
}

var yardSources = []string{"甲报", "乙报", "丙报"}

func newUpstream(t *testing.T) *upstream {
	u := &upstream{}
	mux := http.NewServeMux()
	for n, name := range yardSources {
		mux.HandleFunc("/"+name, func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, yardDocument(n, int(u.version.Load())))
		})
	}
	u.server = httptest.NewServer(mux)
	t.Cleanup(u.server.Close)
	return u
}

// yardDocument is the nth feed: no two of its entries tell the same story, and each has a date of its own.
func yardDocument(n, version int) string {
	const characters = "县域农商银行普惠金融乡村振兴信贷员走访种粮大户春耕备播化肥农机抵押循环授信利率下调村委会田间地头合作社苹果茶叶油茶柑橘养殖"
	var b strings.Builder
	fmt.Fprintf(&b, `<rss version="2.0"><channel><title>%s</title>`, yardSources[n])
	for i := range 15 + version {
		edition := 0
		if i%10 == version%10 {
			edition = version
		}
		random, letters := rand.New(rand.NewPCG(uint64(n*1000+i), uint64(edition))), []rune(characters)
		var words strings.Builder
		for range 80 {
			words.WriteRune(letters[random.IntN(len(letters))])
		}
		text := []rune(words.String())
		at := time.Date(2022, 4, 1, 0, n+3*i, 0, 0, time.UTC)
		fmt.Fprintf(&b, `<item><guid isPermaLink="false">%d</guid><link>https://%d.example/%d</link><title>%s</title><pubDate>%s</pubDate><description>%s</description></item>`,
			i, n, i, string(text[:14]), at.Format(time.RFC1123Z), string(text))
	}
	return b.String() + `</channel></rss>`
}

// yard is a folder with a store and an output folder, and the program as a process of its own: one that can be killed, and
// watched from outside.
type yard struct {
	t      *testing.T
	folder string
}

// newYards returns yards that poll one upstream by one feeds.yaml.
func newYards(t *testing.T, n int) (*upstream, []yard) {
	var yards []yard
	for range n {
		yards = append(yards, yard{t, t.TempDir()})
	}
	return newUpstream(t), yards
}

func (u *upstream) configure(title string, yards ...yard) {
	for _, y := range yards {
		text := fmt.Sprintf(`site: {title: %s, url: "https://finews.example"}
every: 30m
network: {workers: 1, host_interval: 0s, allow_private: [127.0.0.0/8]}
categories:
  - {slug: nongjin, title: 农金, any: [农商, 信贷, 春耕]}
  - {slug: quanbu, title: 全部, any: [/./], limit: 40}
sources:
`, title)
		for _, name := range yardSources {
			text += fmt.Sprintf("  - {name: %s, url: %q, category: {by: outlet}}\n", name, u.server.URL+"/"+name)
		}
		if err := os.WriteFile(filepath.Join(y.folder, "feeds.yaml"), []byte(text), 0o644); err != nil {
			y.t.Fatal(err)
		}
	}
}

func (y yard) public(names ...string) string {
	return filepath.Join(append([]string{y.folder, "public"}, names...)...)
}

// command returns the program, at that time; before it words such as strace's.
func (y yard) command(now time.Time, before []string, words ...string) *exec.Cmd {
	y.t.Helper()
	binary, err := exec.LookPath("finews-at")
	if err != nil {
		y.t.Fatal(err)
	}
	words = slices.Concat(before, []string{binary}, words)
	cmd := exec.CommandContext(y.t.Context(), words[0], words[1:]...)
	cmd.Dir = y.folder
	cmd.Env = append(os.Environ(), yardTime+"="+now.Format(time.RFC3339))
	return cmd
}

// runs runs the program to its end, which must be a good one, and returns how long it took.
func (y yard) runs(now time.Time, words ...string) time.Duration {
	y.t.Helper()
	begun := time.Now()
	if said, err := y.command(now, nil, words...).CombinedOutput(); err != nil {
		y.t.Fatalf("finews %v: %v\n%s", words, err, said)
	}
	return time.Since(begun)
}

// killed starts the program and kills it when the moment comes. It reports whether the program had not ended before.
func (y yard) killed(now time.Time, moment func(ended <-chan struct{}), words ...string) bool {
	y.t.Helper()
	cmd := y.command(now, nil, words...)
	if err := cmd.Start(); err != nil {
		y.t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		cmd.Wait()
		close(ended)
	}()
	moment(ended)
	cmd.Process.Kill()
	<-ended
	return !cmd.ProcessState.Exited()
}

// after is a moment that comes after that time.
func after(wait time.Duration) func(<-chan struct{}) {
	return func(ended <-chan struct{}) {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ended:
		}
	}
}

// atWrites is the moment at which so many temporary files can be seen.
func (y yard) atWrites(n int) func(<-chan struct{}) {
	return func(ended <-chan struct{}) {
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for len(y.temporaries()) < n {
			select {
			case <-tick.C:
			case <-ended:
				return
			}
		}
	}
}

// temporaries returns what is at the top of the output folder and is not published.
func (y yard) temporaries() []string {
	found, err := filepath.Glob(y.public(".finews-*"))
	if err != nil {
		y.t.Fatal(err)
	}
	return found
}

// tree returns the files that are published, by name.
func (y yard) tree() map[string]string {
	y.t.Helper()
	there := map[string]string{}
	err := filepath.WalkDir(y.public(), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		there[strings.TrimPrefix(path, y.public()+"/")] = string(text)
		return err
	})
	if err != nil {
		y.t.Fatal(err)
	}
	return there
}

// differences names the files that one tree has otherwise than the other.
func differences(a, b map[string]string) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(maps.Collect(func(yield func(string, bool) bool) {
		for _, tree := range []map[string]string{a, b} {
			for name := range tree {
				if !yield(name, true) {
					return
				}
			}
		}
	}))) {
		if was, there := a[name]; b[name] != was || !there {
			names = append(names, name)
		}
	}
	return names
}
