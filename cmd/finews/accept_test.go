package main

import "testing"

// TestHowToAcceptIsOneWordOfAShell: the names of sources are written in feeds.yaml, also with what a shell acts on.
func TestHowToAcceptIsOneWordOfAShell(t *testing.T) {
	for name, want := range map[string]string{
		"县域金融":            "finews accept 县域金融",
		"-快讯":             "finews accept -- -快讯", // else it is taken for flags
		"county-21":       "finews accept county-21",
		"县域 金融":           "finews accept '县域 金融'",
		"县报 '财经'; rm -rf": `finews accept '县报 '\''财经'\''; rm -rf'`,
		"$(reboot)":       "finews accept '$(reboot)'",
	} {
		if got := howToAccept(name); got != want {
			t.Errorf("of %q it is %s, want %s", name, got, want)
		}
	}
}
