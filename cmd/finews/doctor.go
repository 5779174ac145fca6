package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/catalog"
	"finews.withounder.com/storage"
)

// errTrouble says that doctor found trouble. It has said what.
var errTrouble = errors.New("something needs to be seen to")

// newDoctor returns `finews doctor`: is all well?
func newDoctor(p program) *cobra.Command {
	var l looking
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Look whether all is well: store, sources, disk, clock",
		Long: `doctor looks at the store, at feeds.yaml against it, at the sources, at what could not be
published, at the hub, the lock, the disk and the clock, and changes nothing. It prints a line
for each: "ok" with what it saw, or "!!" with what is wrong and what to do. It reads the whole
store and may take a while. It ends with 0 when all is well, 1 when something needs you, 2 when
it could not look.`,
		Example: `  finews doctor
  finews doctor --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			d := &doctor{program: p, places: l.places, now: p.time()}
			err := uninterrupted(d.examine(cmd.Context()))
			if err := errors.Join(d.print(l.json), err); err != nil || !d.troubled() {
				return err
			}
			return errTrouble
		},
	}
	l.add(cmd)
	l.addOut(cmd)
	return cmd
}

// doctor is one look at everything.
type doctor struct {
	program
	places    places
	now       time.Time
	catalogue feeds.Catalogue
	readable  bool // the catalogue
	findings  []storage.Finding
}

// examine looks at everything that can be looked at. The error is that the store could not be.
func (d *doctor) examine(ctx context.Context) error {
	if err := d.places.needStore("to look at"); err != nil {
		return err
	}
	d.examineCatalogue()
	d.now = d.now.In(d.catalogue.Site.Location)
	h := &house{places: d.places, catalogue: d.catalogue}
	err := h.openToRead(ctx)
	if err == nil {
		err = h.close(d.examineStore(ctx, h))
	}
	d.examineLock()
	d.examineDisk("disk of the store", d.places.database)
	d.examineOutput()
	return err
}

func (d *doctor) examineStore(ctx context.Context, h *house) error {
	findings, err := h.store.Check(ctx, d.now)
	d.findings = append(d.findings, findings...)
	if err != nil {
		return err
	}
	if err := d.examinePublication(ctx, h); err != nil || !d.readable {
		return err
	}
	states, err := h.store.States(ctx)
	if err != nil {
		return err
	}
	d.examineSources(h, states)
	if err := d.examineCategories(ctx, h); err != nil {
		return err
	}
	return d.examineHub(ctx, h)
}

func (d *doctor) examineCatalogue() {
	f := storage.Finding{Check: "configuration"}
	var err error
	if d.catalogue, err = catalog.Load(d.places.config, d.getenv); err != nil {
		f.Trouble, f.Advice = d.places.config+" cannot be used", "finews check tells why"
		d.catalogue.Site.Location = beijing
	} else {
		d.readable = true
		f.Fact = fmt.Sprintf("%s: %d sources, %d categories", d.places.config, len(d.catalogue.Sources), len(d.catalogue.Categories))
	}
	d.findings = append(d.findings, f)
}

func (d *doctor) note(check, format string, values ...any) {
	d.findings = append(d.findings, storage.Finding{Check: check, Fact: fmt.Sprintf(format, values...)})
}

func (d *doctor) complain(check, advice, format string, values ...any) {
	d.findings = append(d.findings, storage.Finding{Check: check, Trouble: fmt.Sprintf(format, values...), Advice: advice})
}

func (d *doctor) troubled() bool {
	for _, f := range d.findings {
		if f.Trouble != "" {
			return true
		}
	}
	return false
}

// findingJSON is what --json gives of a finding.
type findingJSON struct {
	Check   string `json:"check"`
	OK      bool   `json:"ok"`
	Fact    string `json:"fact,omitempty"`
	Trouble string `json:"trouble,omitempty"`
	Advice  string `json:"advice,omitempty"`
}

func (d *doctor) print(asJSON bool) error {
	if asJSON {
		findings := make([]findingJSON, len(d.findings))
		for i, f := range d.findings {
			findings[i] = findingJSON{f.Check, f.Trouble == "", f.Fact, f.Trouble, f.Advice}
		}
		return d.printJSON(map[string]any{"ok": len(findings) > 0 && !d.troubled(), "findings": findings})
	}
	for _, f := range d.findings {
		mark, said := "ok", f.Fact
		if said == "" {
			said = "all well"
		}
		if f.Trouble != "" {
			mark, said = "!!", f.Trouble
			if f.Advice != "" {
				said += ": " + f.Advice
			}
		}
		fmt.Fprintf(d.stdout, "%s  %-17s  %s\n", mark, f.Check, printable(said))
	}
	return nil
}
