package conform

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// ErrNoLint says that xmllint is not installed (Debian: libxml2-utils).
var ErrNoLint = errors.New("xmllint is not installed: apt-get install libxml2-utils")

//go:embed grammar
var grammars embed.FS

// grammarOf are the grammars of those formats that have one, and the flag by which xmllint takes it.
var grammarOf = map[kind][2]string{
	kindAtom:    {"--relaxng", "grammar/atom.rng"},
	kindOPML:    {"--relaxng", "grammar/opml.rng"},
	kindSitemap: {"--schema", "grammar/sitemap.xsd"},
	kindIndex:   {"--schema", "grammar/siteindex.xsd"},
}

// Lint has libxml2 read files under the folder root, and check those of a format with a grammar by it. names are those of the
// files, slash-separated and relative to root; a JSON Feed is passed over. It returns what xmllint says of them, a line each, and
// fails where it cannot be run.
func Lint(ctx context.Context, root string, names []string) ([]string, error) {
	if _, err := exec.LookPath("xmllint"); err != nil {
		return nil, ErrNoLint
	}
	groups := map[kind][]string{}
	for _, name := range names {
		switch k := kindOf(name); k {
		case "", kindJSON:
		case kindArchive: // in a call with the feeds: there is no grammar of RSS
			groups[kindRSS] = append(groups[kindRSS], filepath.FromSlash(name))
		default:
			groups[k] = append(groups[k], filepath.FromSlash(name))
		}
	}
	var said []string
	for k, files := range groups {
		lines, err := lintAs(ctx, root, k, files)
		if err != nil {
			return nil, err
		}
		said = append(said, lines...)
	}
	return said, nil
}

// lintAs checks files of one format.
func lintAs(ctx context.Context, root string, k kind, files []string) ([]string, error) {
	arguments := []string{"--noout", "--nonet"}
	if grammar, found := grammarOf[k]; found {
		path, err := grammarFile(grammar[1])
		if err != nil {
			return nil, err
		}
		defer os.Remove(path)
		arguments = append(arguments, grammar[0], path)
	}
	command := exec.CommandContext(ctx, "xmllint", append(arguments, files...)...)
	command.Dir = root
	said, err := command.CombinedOutput()
	if failed := new(exec.ExitError); err != nil && !errors.As(err, &failed) {
		return nil, fmt.Errorf("run xmllint: %w", err)
	}
	lines := faulty(string(said))
	if err != nil && len(lines) == 0 {
		return nil, fmt.Errorf("run xmllint: %w: %s", err, said)
	}
	return lines, nil
}

// grammarFile writes a grammar where xmllint can read it.
func grammarFile(name string) (string, error) {
	content, err := grammars.ReadFile(name)
	if err != nil {
		return "", fmt.Errorf("read the grammar %s: %w", name, err)
	}
	file, err := os.CreateTemp("", "*-"+filepath.Base(name))
	if err != nil {
		return "", fmt.Errorf("write the grammar %s: %w", name, err)
	}
	_, err = file.Write(content)
	if err := errors.Join(err, file.Close()); err != nil {
		return "", fmt.Errorf("write the grammar %s: %w", name, err)
	}
	return file.Name(), nil
}

// faulty returns what xmllint said of files, without that a file is good.
func faulty(said string) []string {
	var lines []string
	for line := range strings.Lines(said) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasSuffix(line, " validates") {
			lines = append(lines, line)
		}
	}
	return lines
}
