package publish

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"github.com/google/go-cmp/cmp"
)

// temporaries returns the temporary files at the top of root; there are none elsewhere.
func temporaries(t *testing.T, root string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(root, ".finews-*.tmp"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// counting is an output that notes how many temporary files there are when it is rendered.
func counting(t *testing.T, root, name, content string, most *int) feeds.Output {
	return feeds.Output{Name: name, Render: func(w io.Writer) error {
		*most = max(*most, len(temporaries(t, root)))
		_, err := io.WriteString(w, content)
		return err
	}}
}

func TestBatchesAreBounded(t *testing.T) {
	for title, c := range map[string]struct {
		outputs, size, fewest, most int
	}{
		"by files": {300, 10, batchFiles / 2, batchFiles},
		"by bytes": {6, batchBytes/3 + 1, 2, 3},
	} {
		t.Run(title, func(t *testing.T) {
			root, most := t.TempDir(), 0
			var outputs []feeds.Output
			for i := range c.outputs {
				name := fmt.Sprintf("nongjinwang/2022/04/%02d/%d%s", i%30+1, i, []string{".html", ".json"}[i%2])
				outputs = append(outputs, counting(t, root, name, strings.Repeat(strconv.Itoa(i%10), c.size), &most))
			}
			if got, want := write(t, root, outputs...), (Report{Written: c.outputs}); got != want {
				t.Errorf("report %+v, want %+v", got, want)
			}
			if most < c.fewest || most > c.most {
				t.Errorf("%d temporary files at once, want %d to %d", most, c.fewest, c.most)
			}
			there := files(t, root)
			if len(there) != c.outputs+c.outputs/2 {
				t.Errorf("%d files", len(there))
			}
			for name, content := range there {
				if plain, ok := strings.CutSuffix(name, ".gz"); ok && gunzip(t, content) != there[plain] {
					t.Errorf("%s does not hold what %s does", name, plain)
				}
			}
		})
	}
}

// TestWhatWasRenderedIsPutInPlace: whatever ends a run, what came before in the same batch is there, and counted; what was to
// come after is not, and no temporary file stays.
func TestWhatWasRenderedIsPutInPlace(t *testing.T) {
	broken := errors.New("数据库读不了")
	for title, end := range map[string]func(root string, yield func(feeds.Output, error) bool){
		"an error of the outputs": func(_ string, yield func(feeds.Output, error) bool) { yield(feeds.Output{}, broken) },
		"a name that is refused":  func(_ string, yield func(feeds.Output, error) bool) { yield(text("../b.html", "出界"), nil) },
		"a name given twice":      func(_ string, yield func(feeds.Output, error) bool) { yield(text("a.xml", "又来"), nil) },
		"a folder in the place of a file": func(root string, yield func(feeds.Output, error) bool) {
			lay(t, root, "b.xml/c/d.html")
			_ = yield(text("b.xml", "<乙/>"), nil) && yield(text("b.html", "乙"), nil)
		},
		"a folder in the place of a .gz": func(root string, yield func(feeds.Output, error) bool) {
			lay(t, root, "b.xml.gz/c/d.html")
			_ = yield(text("b.xml", "<乙/>"), nil) && yield(text("b.html", "乙"), nil)
		},
		"a .gz that cannot be read": func(root string, yield func(feeds.Output, error) bool) {
			if err := os.Symlink("b.xml.gz", filepath.Join(root, "b.xml.gz")); err != nil {
				t.Fatal(err)
			}
			_ = yield(text("b.xml", "<乙/>"), nil) && yield(text("b.html", "乙"), nil)
		},
	} {
		t.Run(title, func(t *testing.T) {
			root := t.TempDir()
			report, err := Write(root, func(yield func(feeds.Output, error) bool) {
				if yield(text("a.xml", "<甲/>"), nil) && yield(text("a/b.html", "甲"), nil) {
					end(root, yield)
				}
			}, Options{})
			if err == nil || report != (Report{Written: 2}) {
				t.Errorf("report %+v, error %v", report, err)
			}
			os.Remove(filepath.Join(root, "b.xml.gz")) // the link: nothing can read it
			there := files(t, root)
			if there["a.xml"] != "<甲/>" || gunzip(t, there["a.xml.gz"]) != "<甲/>" || there["a/b.html"] != "甲" || there["b.html"] != "" {
				t.Errorf("there are %v", there)
			}
			if left := temporaries(t, root); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

// TestRemovalsComeAfterTheWrites: what takes the place of a page is there before the page goes.
func TestRemovalsComeAfterTheWrites(t *testing.T) {
	root := t.TempDir()
	lay(t, root, "old.html")
	_, err := Write(root, func(yield func(feeds.Output, error) bool) {
		if !yield(text("new.html", "新的"), nil) || !yield(gone("old.html"), nil) {
			return
		}
		if diff := cmp.Diff([]string{"new.html"}, names(t, root)); diff != "" {
			t.Errorf("files after the removal (-expected +there):\n%s", diff)
		}
	}, Options{})
	if err != nil {
		t.Error(err)
	}
}

// TestTopicsAreToldWhenTheyChanged: once all is in place, and only those that readers find changed.
func TestTopicsAreToldWhenTheyChanged(t *testing.T) {
	root := t.TempDir()
	topic := func(o feeds.Output) feeds.Output {
		o.Topic = true
		return o
	}
	same, mended := topic(text("same.xml", "<同/>")), topic(text("mended.xml", "<补/>"))
	write(t, root, same, mended, text("changed.xml", "<旧/>"))
	if err := os.Remove(filepath.Join(root, "mended.xml.gz")); err != nil {
		t.Fatal(err)
	}
	var told []string
	options := Options{Changed: func(name string) {
		told = append(told, name)
		if there := files(t, root); there["last.html"] == "" || len(temporaries(t, root)) > 0 {
			t.Errorf("%s is told before all is in place", name)
		}
	}}
	outputs := sequence(same, mended, topic(text("changed.xml", "<新/>")), topic(text("new.atom", "<新/>")), topic(failing("broken.xml")),
		text("no-topic.xml", "<非/>"), text("last.html", "最后"))
	if _, err := Write(root, outputs, options); err == nil {
		t.Error("broken.xml is no failure")
	}
	if diff := cmp.Diff([]string{"changed.xml", "new.atom"}, told); diff != "" {
		t.Errorf("topics (-expected +told):\n%s", diff)
	}
}

// TestFilesGrowYounger: Last-Modified counts seconds, and is another one for another content; by more than an hour it is not in
// the future.
func TestFilesGrowYounger(t *testing.T) {
	root := t.TempDir()
	for n := range 4 {
		write(t, root, text("nongjinwang.xml", fmt.Sprint("第", n, "版")))
		file := filepath.Join(root, "nongjinwang.xml")
		plain, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		zipped, err := os.Stat(file + ".gz")
		if err != nil || zipped.ModTime().Before(plain.ModTime()) {
			t.Errorf("%v: the compressed file is of %v, before %v", err, zipped.ModTime(), plain.ModTime())
		}
		last := plain.ModTime().Add(time.Duration(n) * time.Minute) // published in the same second, or by a clock that went back since
		if err := os.Chtimes(file, last, last); err != nil {
			t.Fatal(err)
		}
		write(t, root, text("nongjinwang.xml", fmt.Sprint("又一版", n)))
		if plain, err = os.Stat(file); err != nil || !plain.ModTime().Truncate(time.Second).After(last.Truncate(time.Second)) {
			t.Errorf("%v: the file of %v is replaced by one of %v", err, last, plain.ModTime())
		}
	}
	file := filepath.Join(root, "nongjinwang.xml")
	wrong := time.Now().Add(1000 * time.Hour)
	if err := os.Chtimes(file, wrong, wrong); err != nil {
		t.Fatal(err)
	}
	write(t, root, text("nongjinwang.xml", "末版"))
	if info, err := os.Stat(file); err != nil || info.ModTime().After(wrong) {
		t.Errorf("%v: a wrong clock's date stays: %v", err, info.ModTime())
	}
}
