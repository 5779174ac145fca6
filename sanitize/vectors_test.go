package sanitize

import (
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// vector is an attack or a breakout.
type vector struct {
	name   string // class and name: "protocols: a tab inside"
	markup string
}

// rawByte is how testdata/hostile writes a byte that a text file should not hold.
var rawByte = regexp.MustCompile(`\\x[0-9a-f]{2}`)

// vectors returns the attacks and breakouts of testdata/hostile, a file for each class. A vector stands under a line
// "-- name --", as in a txtar archive, without the line break that ends its last line; \x00 stands for the byte, and
// \x5c for a backslash before an x. Each runs hit() where it is executed, which a page has to define.
func vectors(t testing.TB) []vector {
	t.Helper()
	files, err := filepath.Glob("testdata/hostile/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no vectors in testdata/hostile: %v", err)
	}
	var all []vector
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		class := strings.TrimSuffix(filepath.Base(file), ".txt")
		for _, f := range archive.Files {
			markup := strings.TrimSuffix(string(f.Data), "\n")
			all = append(all, vector{class + ": " + f.Name, rawByte.ReplaceAllStringFunc(markup, unescapeByte)})
		}
	}
	return all
}

func unescapeByte(escaped string) string {
	b, _ := strconv.ParseUint(escaped[2:], 16, 8) // the pattern lets nothing else through
	return string([]byte{byte(b)})
}

func TestVectorsHaveNames(t *testing.T) {
	all := vectors(t)
	seen := map[string]string{}
	for _, v := range all {
		if _, twice := seen[v.name]; twice || v.markup == "" {
			t.Errorf("%s stands twice or is empty", v.name)
		}
		seen[v.name] = v.markup
	}
	markups := map[string]string{}
	for _, v := range all {
		if other := markups[v.markup]; other != "" {
			t.Errorf("%s is %s", v.name, other)
		}
		markups[v.markup] = v.name
	}
	if len(all) < 330 {
		t.Errorf("%d vectors", len(all))
	}
	t.Logf("%d vectors", len(all))
}
