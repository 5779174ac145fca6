package publish

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"finews.withounder.com/feeds"
)

// TestFormatsOfAListFailTogether: where a format is refused, those that come after it are refused with it, also one that would pass,
// and one line tells of them; the list of another category or archive document is none of them.
func TestFormatsOfAListFailTogether(t *testing.T) {
	root, old, fresh := t.TempDir(), gateList("旧", 2), gateList("新", 1)
	write(t, root, text("chunbo.xml", string(old.read)))
	var outputs []feeds.Output
	for n, name := range []string{"chunbo.xml", "chunbo.atom", "chunbo.json", "archive/chunbo/1.atom", "nongjinwang.xml"} {
		o := text(name, string(fresh.read))
		o.Listing = &feeds.Listing{Slug: "chunbo", Items: fresh.meant}
		switch n {
		case 3:
			o.Listing.Archive = 1
		case 4:
			o.Listing.Slug = "nongjinwang"
		}
		outputs = append(outputs, o)
	}
	report, err := Write(root, sequence(outputs...), Options{Read: readLines})
	if report != (Report{Written: 2, Failed: 3}) || err == nil {
		t.Fatalf("report %+v, error %v", report, err)
	}
	if said := err.Error(); strings.Contains(said, "\n") || !strings.HasPrefix(said, "publish chunbo.xml: refused") {
		t.Errorf("the error is %v", err)
	}
	after := files(t, root)
	if after["chunbo.xml"] != string(old.read) || after["chunbo.atom"] != "" || after["nongjinwang.xml"] == "" {
		t.Errorf("there is %v", names(t, root))
	}
}

// TestFailures: what failed of single outputs alone is told from all else that can go wrong.
func TestFailures(t *testing.T) {
	for about, c := range map[string]struct {
		outputs []feeds.Output
		stop    error
		of      bool
	}{
		"an output":              {[]feeds.Output{failing("chunbo.html")}, nil, true},
		"an output, and the end": {[]feeds.Output{failing("chunbo.html")}, errors.New("读不了"), false},
		"the end":                {nil, errors.New("读不了"), false},
	} {
		_, err := Write(t.TempDir(), func(yield func(feeds.Output, error) bool) {
			for _, o := range c.outputs {
				yield(o, nil)
			}
			if c.stop != nil {
				yield(feeds.Output{}, c.stop)
			}
		}, Options{})
		if _, of := errors.AsType[Failures](err); of != c.of || strings.Contains(err.Error(), "模板坏了") != (c.outputs != nil) || c.stop != nil && !errors.Is(err, c.stop) {
			t.Errorf("%s: %v", about, err)
		}
	}
}

// TestFolderInThePlaceOfAFile: what to do about it is said, also where only the compressed file is missing.
func TestFolderInThePlaceOfAFile(t *testing.T) {
	for _, blocked := range []string{"chunbo.xml", "chunbo.xml.gz"} {
		root := t.TempDir()
		write(t, root, text("chunbo.xml", "<春播/>"))
		path := filepath.Join(root, blocked)
		if err := errors.Join(os.Remove(path), os.MkdirAll(filepath.Join(path, "里面"), 0o755)); err != nil {
			t.Fatal(err)
		}
		_, err := Write(root, sequence(text("chunbo.xml", "<春播/>")), Options{})
		if want := ": a folder lies where the file belongs: move it away"; err == nil || !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("%s: %v; want %q in it", blocked, err, want)
		}
	}
}
