package catalog

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/google/renameio/v2"

	"finews.withounder.com/feeds"
)

// File is a feeds.yaml that was read, to be added to.
type File struct {
	Catalogue feeds.Catalogue

	path   string
	text   []byte
	getenv func(string) string
}

// Open reads the file at path as [Load] does, with its errors.
func Open(path string, getenv func(string) string) (File, error) {
	text, err := readFile(path)
	if err != nil {
		return File{}, fmt.Errorf("read the catalogue: %w: write the file, or name another with --config", err)
	}
	c, err := Parse(path, text, getenv)
	return File{Catalogue: c, path: path, text: text, getenv: getenv}, err
}

// Unnamed is a file that is nowhere, with nothing but a site of that title and address: what finews does without one.
func Unnamed(title, address string) (File, error) {
	text := []byte("site: {title: " + flowText(title) + ", url: " + flowText(address) + "}\n")
	c, err := Parse("the defaults", text, nil)
	return File{Catalogue: c, path: "the defaults", text: text}, err
}

// Source returns the feed at an address as the file would have it: with the defaults, the time zone and the proxy
// that it gives. The error says why it could not stand there, such as another source of that address.
func (f File) Source(name, address string) (feeds.Source, error) {
	s := feeds.Source{Name: name, Kind: feeds.KindFeed, URL: address}
	if err := areNew(f.path, f.Catalogue, []feeds.Source{s}); err != nil {
		return feeds.Source{}, err
	}
	c, err := parseWith(f.path, f.text, f.getenv, []feeds.Source{s})
	if err != nil {
		return feeds.Source{}, fmt.Errorf("%q cannot be a source: %w", short(name), reason(err))
	}
	return c.Sources[len(c.Sources)-1], nil
}

// reason is the text of the first mistake of what is in no file, and so has no line.
func reason(err error) error {
	if mistakes, ok := errors.AsType[Mistakes](err); ok {
		return errors.New(mistakes[0].Text)
	}
	return err
}

// With returns the text of the file with sources at the end of its list, as [Append] does.
func (f File) With(sources []feeds.Source) ([]byte, error) {
	return Append(f.path, f.text, sources, f.getenv)
}

// Add writes sources at the end of the file's list, as [Append] does. The file is
// replaced at once or not at all; it keeps its mode, and where it is a link the link stays. A file that
// is not what it was when it was read is left as it is, with an error.
func (f File) Add(sources []feeds.Source) error {
	text, err := f.With(sources)
	if err != nil {
		return err
	}
	target, err := filepath.EvalSymlinks(f.path)
	if err != nil {
		return fmt.Errorf("write %s: %w: nothing was changed", f.path, err)
	}
	file, err := renameio.NewPendingFile(target, renameio.WithTempDir(filepath.Dir(target)), renameio.WithExistingPermissions())
	if err != nil {
		return fmt.Errorf("write %s: %w: nothing was changed; see that its folder can be written", f.path, err)
	}
	defer file.Cleanup() // does nothing after the replacement
	if _, err := file.Write(text); err != nil {
		return fmt.Errorf("write %s: %w: nothing was changed", f.path, err)
	}
	now, err := readFile(target)
	switch {
	case err != nil:
		return fmt.Errorf("write %s: %w: nothing was changed", f.path, err)
	case !bytes.Equal(now, f.text):
		return fmt.Errorf("write %s: somebody else changed it meanwhile: nothing was added; run the command again", f.path)
	}
	if err := file.CloseAtomicallyReplace(); err != nil {
		return fmt.Errorf("write %s: %w: nothing was changed", f.path, err)
	}
	return nil
}
