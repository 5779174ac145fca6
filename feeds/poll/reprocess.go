package poll

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/route"
	"finews.withounder.com/storage"
)

// Reprocessed is what Reprocess did.
type Reprocessed struct {
	Entries int      // that were looked at
	Changed int      // that are not what they were
	Kept    int      // that stay as they were, because today's rules would drop what their source sent
	Faults  []string // why, of the first 100 of those
}

// What Reprocess does at a time, and says at most.
const (
	reprocessBatch = 100
	maxKeptFaults  = 100
)

// Reprocess cleans and files anew, by today's rules, what is stored: from the items as their sources sent them, batch
// by batch. Ids, dates and paths stay, and a second run changes nothing. With sources, only what one of them sends is
// looked at. progress is called after each batch with the number of entries looked at so far; it may be nil.
//
// The caller sees to it that nobody polls meanwhile: an edit that comes in between would be undone. After an error,
// also that of a cancelled ctx, what was done until then stays and is in the result.
func Reprocess(ctx context.Context, catalogue feeds.Catalogue, store *storage.Store, now time.Time, sources []string, progress func(done int)) (Reprocessed, error) {
	r := reprocessing{sources: sources}
	return r.run(ctx, catalogue, store, now, progress)
}

// Release lets out what is held of the entries of a source, because the operator says that it can be read, and files it by
// today's rules. It returns how many entries that were. The caller sees to it that nobody polls meanwhile.
func Release(ctx context.Context, catalogue feeds.Catalogue, store *storage.Store, now time.Time, source string) (int, error) {
	r := reprocessing{sources: []string{source}, release: true}
	done, err := r.run(ctx, catalogue, store, now, nil)
	return done.Changed, err
}

func (r *reprocessing) run(ctx context.Context, catalogue feeds.Catalogue, store *storage.Store, now time.Time, progress func(done int)) (Reprocessed, error) {
	if err := r.begin(catalogue, store, now); err != nil {
		return Reprocessed{}, err
	}
	if err := r.checkNames(ctx); err != nil {
		return Reprocessed{}, err
	}
	for after := int64(0); ; {
		batch, err := store.Everything(ctx, after, reprocessBatch)
		if err != nil || len(batch) == 0 {
			return r.done, err
		}
		if err := r.batch(ctx, batch); err != nil {
			return r.done, err
		}
		after = batch[len(batch)-1].Entry.Number
		if progress != nil {
			progress(r.done.Entries)
		}
	}
}

// begin sets up what drafts are made by.
func (r *reprocessing) begin(catalogue feeds.Catalogue, store *storage.Store, now time.Time) error {
	rules, err := rulesOf(catalogue)
	r.cycle = cycle{Poller: &Poller{Catalogue: catalogue, Store: store}, router: route.New(catalogue.Categories), rules: rules, started: now}
	return err
}

// reprocessing is one run of Reprocess.
type reprocessing struct {
	cycle
	sources []string
	release bool // lets out what is held, and nothing else
	done    Reprocessed
}

// checkNames refuses the name of a source that neither feeds.yaml nor the store knows.
func (r *reprocessing) checkNames(ctx context.Context) error {
	states, err := r.Store.States(ctx)
	if err != nil {
		return err
	}
	for _, name := range r.sources {
		_, stored := states[name]
		if _, named := r.Catalogue.Source(name); !named && !stored {
			return fmt.Errorf("no source is named %q: feeds.yaml has %s", name, r.names())
		}
	}
	return nil
}

// batch reprocesses some entries in one transaction.
func (r *reprocessing) batch(ctx context.Context, batch []storage.Stored) error {
	var redrafts []storage.Redrafted
	looked := 0
	for _, stored := range batch {
		if !sentBy(stored, r.sources) || r.release && stored.Entry.Held == "" {
			continue
		}
		looked++
		if redrafted, ok := r.redraft(stored); ok {
			redrafts = append(redrafts, redrafted)
		}
	}
	changed, err := r.Store.Redraft(ctx, r.Catalogue.Site, redrafts, r.started)
	if err != nil {
		return err
	}
	r.done.Entries += looked
	r.done.Kept += looked - len(redrafts)
	r.done.Changed += changed
	return nil
}

// sentBy reports whether one of the sources sends the entry; no sources are all.
func sentBy(stored storage.Stored, sources []string) bool {
	return len(sources) == 0 || slices.ContainsFunc(sources, func(name string) bool {
		_, other := stored.Others[name]
		return other || name == stored.Entry.Source
	})
}

// redraft applies today's rules to one entry. A source that feeds.yaml no longer names files it as it did.
func (r *reprocessing) redraft(stored storage.Stored) (storage.Redrafted, bool) {
	source, named := r.Catalogue.Source(stored.Entry.Source)
	if !named {
		source = feeds.Source{Name: stored.Entry.Source}
	}
	var said faults
	// What is published was read by people: a rule that holds text back holds back what comes from now on.
	believed := r.release || stored.Entry.Held == ""
	draft, ok := r.draft(source, stored.Item, believed, &said)
	if !ok {
		for _, fault := range said.dropped[:min(len(said.dropped), maxKeptFaults-len(r.done.Faults))] {
			r.done.Faults = append(r.done.Faults, stored.Entry.ID+": "+fault)
		}
		return storage.Redrafted{}, false
	}
	redrafted := storage.Redrafted{Number: stored.Entry.Number, Entry: draft.Entry, Item: stored.Item}
	if named {
		redrafted.Filings = append(redrafted.Filings, filingOf(draft))
	} else {
		redrafted.Entry.Own = stored.Entry.Own // only its address could tell
	}
	redrafted.Filings = append(redrafted.Filings, r.otherFilings(stored.Others)...)
	return redrafted, true
}

// otherFilings files an entry for the sources that send it beside the one whose text it has, by what each of them sent.
func (r *reprocessing) otherFilings(others map[string]feeds.Item) []storage.Filing {
	var filings []storage.Filing
	for _, name := range slices.Sorted(maps.Keys(others)) {
		source, named := r.Catalogue.Source(name)
		if !named {
			continue
		}
		if draft, ok := r.draft(source, others[name], true, &faults{}); ok {
			filings = append(filings, filingOf(draft))
		}
	}
	return filings
}

// filingOf returns where a draft is filed.
func filingOf(draft feeds.Draft) storage.Filing {
	return storage.Filing{
		Source: draft.Entry.Source, Categories: draft.Entry.Categories, Reasons: draft.Entry.Reasons, Made: draft.Made, ByPost: draft.ByPost,
	}
}
