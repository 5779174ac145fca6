package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"finews.withounder.com/feeds"
	"finews.withounder.com/storage"
)

// looking are the flags of the commands that look at what is stored. They need no lock, and make no store where there
// is none.
type looking struct {
	places
	json bool
}

func (l *looking) add(cmd *cobra.Command) {
	l.addConfig(cmd)
	l.addStore(cmd)
	cmd.Flags().BoolVar(&l.json, "json", false, "print it as JSON")
}

// beijing is the zone of dates where no feeds.yaml says otherwise. China has one, without summer time.
var beijing = time.FixedZone("UTC+8", 8*60*60)

// newLookingHouse is newHouse for commands that need the store more than the catalogue. Where no feeds.yaml is, and
// none was asked for, they go on without it; where it has mistakes, too, and say so.
func newLookingHouse(p program, cmd *cobra.Command, pl places) (*house, error) {
	h, err := newHouse(p, pl)
	if err == nil {
		return h, nil
	}
	if cmd.Flags().Changed("config") {
		return nil, err
	}
	if !errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintf(p.stderr, "finews: %s cannot be used, as finews check tells: dates are in UTC+8\n", pl.config)
	}
	return &house{places: pl, catalogue: feeds.Catalogue{Site: feeds.Site{Location: beijing}}}, nil
}

// configured reports whether there is a catalogue.
func (h *house) configured() bool { return h.catalogue.Site.URL != "" }

// look calls do with the store open to be read, if there is one.
func (h *house) look(ctx context.Context, do func() error) error {
	if err := h.places.needStore("to look at"); err != nil {
		return err
	}
	if err := h.openToRead(ctx); err != nil {
		return err
	}
	return h.close(do())
}

// needStore is an error where no store is: opening it would make one.
func (pl places) needStore(purpose string) error {
	info, err := os.Stat(pl.database)
	if err == nil && info.Size() == 0 {
		err = fmt.Errorf("%s is empty", pl.database)
	}
	if err != nil {
		return fmt.Errorf("no store %s: %w; name it with --db, or poll first", purpose, err)
	}
	return nil
}

// needStoreOrLock is needStore of a command that has not got the lock yet: a poll that makes the store has it before.
func (pl places) needStoreOrLock(purpose string) error {
	if _, err := os.Stat(lockPath(pl.database)); err == nil {
		return nil
	}
	return pl.needStore(purpose)
}

// needStoreOfOutput is an error where the store is gone that the output folder was published from. A new one in its place
// would show again what was hidden.
func (pl places) needStoreOfOutput() error {
	if _, err := os.Stat(filepath.Join(pl.out, "all.json")); err != nil { // first of all: the store is made before it
		return nil
	}
	info, err := os.Stat(pl.database)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return fmt.Errorf("the store %s is gone, and %s was published from one: put a backup in its place, or remove %[2]s to begin anew",
			pl.database, pl.out)
	}
	return nil // what is wrong with it, opening it says
}

// find returns the entry that a person means by a word.
func (h *house) find(ctx context.Context, word string) (feeds.Entry, error) {
	e, err := h.store.Find(ctx, h.belowSite(word))
	if errors.Is(err, storage.ErrNotFound) {
		return e, fmt.Errorf("no entry %q is in %s: give the digits of its id, its number or its address, as finews entries lists them",
			word, h.places.database)
	}
	return e, err
}

// belowSite returns a word; where it is the address of a page of a site that lies in a folder of its host, the page's path.
func (h *house) belowSite(word string) string {
	site, err := url.Parse(h.catalogue.Site.URL)
	address, wrong := url.Parse(strings.TrimSpace(word))
	if err != nil || wrong != nil || site.Path == "" || address.Host != site.Host {
		return word
	}
	if path, below := strings.CutPrefix(address.Path, site.Path+"/"); below {
		return path
	}
	return word
}

// digits returns the end of an id, which is what people type.
func digits(id string) string { return id[strings.LastIndexByte(id, ':')+1:] }

// minute returns a time as people read it, in the site's zone.
func (h *house) minute(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.In(h.catalogue.Site.Location).Format("2006-01-02 15:04")
}

// sheet prints what there is to say about one thing, a fact on each line.
type sheet struct{ out io.Writer }

// labelWidth is the width of the longest label of a sheet.
const labelWidth = 11

// fact prints what is to be said, the label before the first of it. Nothing to say is no line.
func (s sheet) fact(label string, said ...string) {
	for _, one := range said {
		if one == "" {
			continue
		}
		fmt.Fprintf(s.out, "%s %s\n", text.Pad(label, labelWidth, ' '), printable(one))
		label = ""
	}
}

// lines prints a text as it is, line by line.
func (s sheet) lines(text string) {
	for line := range strings.Lines(text) {
		fmt.Fprintln(s.out, printable(strings.TrimSuffix(line, "\n")))
	}
}
