package conform

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// kind is a format that is checked.
type kind string

const (
	kindRSS     kind = "rss"
	kindArchive kind = "archive"
	kindAtom    kind = "atom"
	kindJSON    kind = "json"
	kindOPML    kind = "opml"
	kindSitemap kind = "sitemap"
	kindIndex   kind = "siteindex"
)

// kindOf returns the format of a file by its name under the output folder; empty: of no such format.
func kindOf(name string) kind {
	folder, extension := path.Dir(name), path.Ext(name)
	switch {
	case name == "sitemap.xml":
		return kindIndex
	case folder == "." && strings.HasPrefix(name, "sitemap-") && extension == ".xml":
		return kindSitemap
	case name == "feed.xml" || folder == "." && extension == ".atom":
		return kindAtom
	case strings.HasPrefix(name, "archive/") && extension == ".xml":
		return kindArchive
	}
	if folder == "." {
		return map[string]kind{".xml": kindRSS, ".json": kindJSON, ".opml": kindOPML}[extension]
	}
	return ""
}

// file is what is checked.
type file struct {
	site, name string // its address is the one, a slash, and the other
	content    []byte
}

func (f file) address() string { return f.site + "/" + f.name }

// Checks reports whether Check knows the format of a file of that name, which is slash-separated and relative to the output
// folder.
func Checks(name string) bool { return kindOf(name) != "" }

// Check returns what a validator would find wrong with a file that is published. name is that of the file, slash-separated and
// relative to the output folder; site is the public address, without a slash at its end. A file of no such format has no fault.
func Check(site, name string, content []byte) []string {
	given := file{site, name, content}
	switch kindOf(name) {
	case kindRSS:
		return rss(given, false)
	case kindArchive:
		return rss(given, true)
	case kindAtom:
		return atom(given)
	case kindJSON:
		return jsonFeed(given)
	case kindOPML:
		return opml(given)
	case kindSitemap:
		return sitemap(given, false)
	case kindIndex:
		return sitemap(given, true)
	}
	return nil
}

// Folder checks every file of a format that Check knows, and that links from document to document of an archive lead to one. It
// returns the faults, each with the name of its file before it, and the names of the files that it checked, in order.
func Folder(site string, files fs.FS) (found, checked []string, err error) {
	err = fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !Checks(name) {
			return err
		}
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		checked = append(checked, name)
		for _, fault := range slices.Concat(Check(site, name, content), missing(site, name, content, files)) {
			found = append(found, name+": "+fault)
		}
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("check the published files: %w", err)
	}
	return found, checked, nil
}

// missing returns a fault for each link of a feed to a document of the archive, or to the current feed, that is not there.
func missing(site, name string, content []byte, files fs.FS) []string {
	var f faults
	switch kindOf(name) {
	case kindRSS, kindArchive, kindAtom:
	default:
		return nil
	}
	read, err := parse(content, atomNamespace)
	if err != nil {
		return nil // Check has said so
	}
	read.root.walk(func(n *node) {
		relation := n.attrs["rel"]
		if n.name != "link" || relation != "prev-archive" && relation != "current" {
			return
		}
		target, ours := strings.CutPrefix(n.attrs["href"], site+"/")
		_, err := fs.Stat(files, target)
		f.check(ours && err == nil, "%s leads to %s, which is not there", relation, n.attrs["href"])
	})
	return f
}
