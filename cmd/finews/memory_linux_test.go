package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// worst are the documents that cost the most memory to read, each just below the 8 MiB that a source may send.
func worst() map[string][]byte {
	const size = 8<<20 - 4096
	rss := func(inside string) []byte {
		return []byte(`<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>县域</title>` + inside + `</channel></rss>`)
	}
	fill := func(item func(i int) string) string {
		var b strings.Builder
		for i := 0; b.Len() < size-300<<10; i++ {
			b.WriteString(item(i))
		}
		return b.String()
	}
	text := func(n int) string { return strings.Repeat("农商行支农贷款。", n/24) }
	gbk, _ := simplifiedchinese.GB18030.NewEncoder().Bytes(rss(fill(func(i int) string {
		return fmt.Sprintf("<item><guid>g%d</guid><title>农商行%d</title><description>%s</description></item>", i, i, text(2000))
	})))
	return map[string][]byte{
		"one.xml": rss("<item><guid>1</guid><title>农商行</title><description>" + text(size-1000) + "</description></item>"),
		"big.xml": rss(fill(func(i int) string {
			return fmt.Sprintf("<item><guid>b%d</guid><title>农商行%d</title><description>%s</description></item>", i, i, text(250<<10))
		})),
		"many.xml": rss(fill(func(i int) string {
			return fmt.Sprintf("<item><guid>m%d</guid><title>农商行%d</title><link>https://county.example/%d</link><description>%s</description></item>", i, i, i, text(200))
		})[:size-400<<10]), // torn, too
		"marked.xml": rss(fill(func(i int) string {
			return fmt.Sprintf("<item><guid>k%d</guid><title>农商行%d</title><description>%s</description></item>", i, i, strings.Repeat("&lt;p&gt;&lt;b&gt;农&lt;/b&gt;&lt;/p&gt;", 400))
		})),
		"tags.xml": rss(fill(func(i int) string {
			return fmt.Sprintf("<item><guid>t%d</guid><title>农商行%d</title>%s<description>%s</description></item>", i, i, strings.Repeat("<category>农</category>", 20), text(9000))
		})),
		"gbk.xml": gbk,
		"list.json": []byte(`{"version":"https://jsonfeed.org/version/1.1","title":"县域","items":[` + fill(func(i int) string {
			return fmt.Sprintf(`{"id":"j%d","title":"农商行%d","content_html":"%s"},`, i, i, text(5000))
		}) + `{"id":"j"}]}`),
		"lists.json": []byte(`{"version":"https://jsonfeed.org/version/1.1","title":"县域","items":[{"id":"1","content_text":"` + text(size-2000) + `"}]}`),
	}
}

// serveAt serves a document at an address of loopback, since one host is asked for one thing at a time.
func serveAt(t *testing.T, address string, document []byte, packed bool) string {
	t.Helper()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	if packed {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		z.Write(document)
		z.Close()
		document = b.Bytes()
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if packed {
			w.Header().Set("Content-Encoding", "gzip")
		}
		w.Write(document)
	}))
	server.Listener.Close()
	server.Listener = listener
	server.Start()
	t.Cleanup(server.Close)
	return server.URL
}

// TestSixteenWorstFeedsStayBelow256MiB: all at once, with sixteen workers, packed and unpacked; the figure is the kernel's,
// of a process of its own.
func TestSixteenWorstFeedsStayBelow256MiB(t *testing.T) {
	if testing.Short() {
		t.Skip("it reads 128 MiB of feeds")
	}
	t.Parallel()
	folder := t.TempDir()
	binary := buildInto(t, folder)
	documents := worst()
	catalogue := "site: {title: 农金消息, url: \"https://finews.example\"}\nnetwork: {workers: 16, host_interval: 0s, allow_private: [127.0.0.0/8]}\n" +
		"categories: [{slug: nongjin, title: 农金, any: [农商行]}]\nsources:\n"
	n := 0
	for name, document := range documents {
		for _, packing := range []string{"plain", "packed"} {
			n++
			address := serveAt(t, fmt.Sprintf("127.0.0.%d:0", n), document, packing == "packed")
			catalogue += fmt.Sprintf("  - {name: %s %s, url: \"%s/\"}\n", name, packing, address)
		}
	}
	if n != 16 {
		t.Fatalf("%d feeds", n)
	}
	if err := os.WriteFile(filepath.Join(folder, "feeds.yaml"), []byte(catalogue), 0o644); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	cmd := exec.CommandContext(t.Context(), binary, "poll", "-v")
	cmd.Dir, cmd.Stdout, cmd.Stderr = folder, &out, &out
	peak, err := runWatched(t, cmd)
	if err != nil {
		t.Errorf("finews poll: %v\n%s", err, out.String())
	}
	t.Logf("peak of %d MiB", peak>>10)
	if peak == 0 || peak >= 256<<10 {
		t.Errorf("it took %d KiB\n%s", peak, out.String())
	}
}

// buildInto builds the program, without the race detector, which takes memory of its own.
func buildInto(t testing.TB, folder string) (binary string) {
	t.Helper()
	binary = filepath.Join(folder, "finews")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-race=false", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return binary
}

// runWatched runs a command and returns the most memory that it had, in KiB.
func runWatched(t testing.TB, cmd *exec.Cmd) (peak int, err error) {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	watched, ended := make(chan int), make(chan struct{})
	go func() { watched <- peakOf(cmd.Process.Pid, ended) }()
	err = cmd.Wait()
	close(ended)
	return <-watched, err
}

// peakOf returns the most memory that a process has had, in KiB (VmHWM, proc(5)), watched until it ends. What wait4 says of
// a child counts the parent's memory too, as it was when the child began.
func peakOf(pid int, ended <-chan struct{}) (peak int) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		if _, rest, found := strings.Cut(string(status), "VmHWM:"); found {
			fmt.Sscan(rest, &peak)
		}
		select {
		case <-ended:
			return peak
		case <-tick.C:
		}
	}
}
