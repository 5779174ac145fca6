package bench

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// buildFinews builds the real binary: what is measured is all that finews does, pages and start of the process
// included, and not a second wiring of its rooms.
func buildFinews(tb testing.TB) string {
	tb.Helper()
	binary := filepath.Join(tb.TempDir(), "finews")
	if output, err := exec.Command("go", "build", "-o", binary, "finews.withounder.com/cmd/finews").CombinedOutput(); err != nil {
		tb.Fatalf("build finews: %v\n%s", err, output)
	}
	return binary
}

// finewsCold polls the sources with a new store in dir and publishes, by way of `finews poll`. An error carries what
// the command printed.
func finewsCold(ctx context.Context, binary, dir string, addresses []string) error {
	config := filepath.Join(dir, "feeds.yaml")
	if err := os.WriteFile(config, catalogue(addresses), 0o644); err != nil {
		return err
	}
	command := exec.CommandContext(ctx, binary, "poll", "--config", config, "--db", filepath.Join(dir, "finews.db"), "--out", filepath.Join(dir, "public"))
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("finews poll: %w\n%s", err, output)
	}
	return nil
}

// catalogue is a feeds.yaml with a category for each source, so that finews publishes as many feeds as the naive
// chain, and more of each.
func catalogue(addresses []string) []byte {
	var b bytes.Buffer
	b.WriteString("site: {title: 量一量, url: \"http://127.0.0.1:8080\"}\n")
	b.WriteString("network: {host_interval: 0s, allow_private: [127.0.0.0/8]}\n")
	b.WriteString("categories:\n")
	for i := range addresses {
		fmt.Fprintf(&b, "  - {slug: c%05d, title: 第%d类}\n", i, i)
	}
	b.WriteString("sources:\n")
	for i, address := range addresses {
		fmt.Fprintf(&b, "  - {name: 来源%d, url: %q, categories: [c%05d]}\n", i, address, i)
	}
	return b.Bytes()
}

// checkFeeds holds a cold run to having published every source: a chain that drops feeds would look fast.
func checkFeeds(tb testing.TB, dir string, sources int) {
	tb.Helper()
	for index := range sources {
		name := filepath.Join(dir, "public", fmt.Sprintf("c%05d.xml", index))
		feed, err := os.ReadFile(name)
		if err != nil {
			tb.Fatal(err)
		}
		u, err := generate(seed, index)
		if err != nil {
			tb.Fatal(err)
		}
		if got := strings.Count(string(feed), "<item>"); got != len(u.entries) {
			tb.Errorf("source %d, %s in %s: %d entries published, want %d", index, u.format, u.charset, got, len(u.entries))
		}
	}
}

// TestFinewsPublishesEverything runs the measured chain once on a few feeds: every form of document comes out whole.
func TestFinewsPublishesEverything(t *testing.T) {
	const sources = 20 // every form once
	dir := t.TempDir()
	if err := finewsCold(t.Context(), buildFinews(t), dir, startServer(t, sources)); err != nil {
		t.Fatal(err)
	}
	checkFeeds(t, dir, sources)
}
