package storage

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// A publication that fails is known of its folder alone, until it succeeds; of its reasons, no more than the bound.
func TestPublicationFault(t *testing.T) {
	s, since := openNew(t), time.Date(2022, 4, 11, 9, 0, 0, 0, time.UTC)
	want := PublicationFault{Since: since, ToldAt: since.Add(time.Hour), Fault: "nongjinwang.xml: 少了两条"}
	asks := func(folder string, want PublicationFault) {
		t.Helper()
		got, err := s.PublicationFault(t.Context(), folder)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", folder, err, diff)
		}
	}
	puts := func(f PublicationFault) {
		t.Helper()
		if err := s.PutPublicationFault(t.Context(), "公开", f); err != nil {
			t.Fatal(err)
		}
	}
	asks("公开", PublicationFault{})
	puts(want)
	want.ToldAt = since.Add(25 * time.Hour)
	puts(want)
	asks("公开", want)
	asks("另一个", PublicationFault{})
	want.Fault = strings.Repeat("少了两条", 1000)
	puts(want)
	got, err := s.PublicationFault(t.Context(), "公开")
	if n := len(got.Fault); err != nil || n > maxPublicationFault || n < maxPublicationFault-8 || !utf8.ValidString(got.Fault) {
		t.Errorf("%d bytes are kept, %v", n, err)
	}
	puts(PublicationFault{})
	asks("公开", PublicationFault{})
}
