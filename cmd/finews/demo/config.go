package demo

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// all: because embedding a folder leaves out names that start with an underscore, and Jekyll's _posts is one.
//
//go:embed all:config
var configFiles embed.FS

// failing starts the name of a source that is there to fail.
const failing = "故障"

// MeantToFail reports whether the source of that name is in the demo to show a failure: `finews demo` exits 0 when
// exactly those fail.
func MeantToFail(source string) bool { return strings.HasPrefix(source, failing) }

// WriteConfig writes the demo's feeds.yaml and its folder _posts into dir, which it makes where it is missing, and
// returns the path of feeds.yaml. A file that is there with the same bytes is not touched, so that calling it again
// changes nothing; one with other bytes is replaced.
func WriteConfig(dir string) (path string, err error) {
	files, err := fs.Sub(configFiles, "config")
	if err != nil {
		return "", fmt.Errorf("read the demo's configuration: %w", err)
	}
	err = fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := filepath.Join(dir, filepath.FromSlash(name))
		if entry.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		return replace(target, content)
	})
	if err != nil {
		return "", fmt.Errorf("write the demo's configuration into %s: %w", dir, err)
	}
	return filepath.Join(dir, "feeds.yaml"), nil
}

// replace writes content to path by way of a temporary file beside it, so that no reader sees half of it.
func replace(path string, content []byte) error {
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, content) {
		return nil
	}
	temporary := path + ".new"
	if err := os.WriteFile(temporary, content, 0o644); err != nil {
		return err
	}
	return os.Rename(temporary, path)
}
