package poll

import "time"

// Outcome is what became of a source in a cycle.
type Outcome string

// The outcomes.
const (
	Read      Outcome = "read"      // a document came and was read
	Unchanged Outcome = "unchanged" // nothing has changed since the last poll: nothing was read
	NotDue    Outcome = "not due"   // it was not asked: it is not time yet
	Failed    Outcome = "failed"    // it was asked and gave nothing that can be used
	Held      Outcome = "held"      // it was asked, and what came is held back until the operator accepts it
	Gone      Outcome = "gone"      // its server said that it has ended: it is not asked any more
	Stopped   Outcome = "stopped"   // the cycle ended before it did
)

// Result is what a cycle brought of one source.
type Result struct {
	Source    string    `json:"source"`
	Outcome   Outcome   `json:"outcome"`
	New       int       `json:"new"`
	Updated   int       `json:"updated"`
	Unchanged int       `json:"unchanged"`        // items that came again as they were
	Dropped   int       `json:"dropped"`          // items of which nothing could be kept
	Waiting   int       `json:"waiting"`          // items that are stored when their bodies come
	Faults    []string  `json:"faults,omitempty"` // what was mended or dropped, item by item
	Bytes     int       `json:"bytes"`            // of the body, decompressed
	Seconds   float64   `json:"seconds"`
	NextPoll  time.Time `json:"next_poll,omitzero"`

	Phase        string    `json:"phase,omitempty"` // that failed: see fetch.Failure; also parse, read, held and internal
	URL          string    `json:"url,omitempty"`   // that failed, without credentials and query
	Status       int       `json:"status,omitempty"`
	Cause        string    `json:"cause,omitempty"`        // a sentence without secrets
	Stack        string    `json:"stack,omitempty"`        // of a bug of ours
	FailingSince time.Time `json:"failing_since,omitzero"` // or held since
	Tell         bool      `json:"-"`                      // the failure is new, or was last told of a day ago
	Recovered    bool      `json:"recovered,omitempty"`
}

// Asked reports whether the source was asked in this cycle, and the answer is known.
func (r Result) Asked() bool { return r.Outcome != NotDue && r.Outcome != Gone && r.Outcome != Stopped }

// Report is what a cycle brought.
type Report struct {
	Started time.Time `json:"started"`
	Seconds float64   `json:"seconds"`
	Results []Result  `json:"sources"` // in the order of the catalogue
}

// Failed reports whether the source was asked and nothing of what it gave was stored.
func (r Result) Failed() bool { return r.Outcome == Failed || r.Outcome == Held }

// Failures returns the sources that were asked and failed, also those whose documents are held back.
func (r Report) Failures() []Result {
	var failed []Result
	for _, result := range r.Results {
		if result.Failed() {
			failed = append(failed, result)
		}
	}
	return failed
}
