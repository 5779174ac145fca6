package parse

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"

	"finews.withounder.com/feeds"
)

// postsPerBatch bounds how many posts are in memory at once: a folder of the predecessor holds more than 20,000.
const postsPerBatch = 500

// Posts reads the folder of Jekyll posts of a source, files *.md, *.markdown and *.html, newest file name first,
// and yields them in batches. A file that cannot be used is a fault of its batch, by name and cause. An error
// ends the sequence: the folder cannot be read.
func Posts(source feeds.Source) iter.Seq2[Result, error] {
	return func(yield func(Result, error) bool) {
		folder, err := os.OpenRoot(source.Path)
		if err != nil {
			yield(Result{}, fmt.Errorf("open the folder of posts: %w", err))
			return
		}
		defer folder.Close()
		names, faults, err := postNames(folder.FS(), source.MaxItems)
		if err != nil {
			yield(Result{}, fmt.Errorf("list the folder of posts: %w", err))
			return
		}
		if len(faults) > 0 && !yield(Result{Faults: faults}, nil) {
			return
		}
		for batch := range slices.Chunk(names, postsPerBatch) {
			if !yield(readPosts(folder.FS(), batch, source), nil) {
				return
			}
		}
	}
}

// postNames lists the posts of a folder, and says what it leaves out.
func postNames(folder fs.FS, limit int) (names, faults []string, err error) {
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		return nil, nil, err
	}
	for _, e := range entries {
		switch {
		case !slices.Contains([]string{".md", ".markdown", ".html"}, path.Ext(e.Name())):
		case e.Type().IsRegular():
			names = append(names, e.Name())
		default:
			faults = append(faults, e.Name()+": not read, because it is a link or no file")
		}
	}
	slices.Reverse(names)
	if limit > 0 && len(names) > limit {
		faults = append(faults, fmt.Sprintf("%d posts, of which the last %d by name were read: raise max_items to read more", len(names), limit))
		names = names[:limit]
	}
	return names, faults, nil
}

func readPosts(folder fs.FS, names []string, source feeds.Source) Result {
	var result Result
	for _, name := range names {
		text, err := readFile(folder, name, source.MaxBytes)
		if err != nil {
			result.Unread++
			result.Faults = append(result.Faults, fmt.Sprintf("%s: %v", name, err))
			continue
		}
		item, err := readPost(name, text, source)
		if err != nil {
			result.Faults = append(result.Faults, fmt.Sprintf("%s: %v", name, err))
			continue
		}
		result.Items = append(result.Items, item)
	}
	return result
}

// readFile reads a file of at most limit bytes. Its errors lie with the file system and the settings, not with what
// the post says: another poll may read it.
func readFile(folder fs.FS, name string, limit int64) ([]byte, error) {
	file, err := folder.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(text)) > limit {
		return nil, fmt.Errorf("larger than %d bytes: raise max_bytes to read it", limit)
	}
	return text, nil
}

func readPost(name string, text []byte, source feeds.Source) (feeds.Item, error) {
	text, err := decode(Document{Body: text}, source.Charset)
	if err != nil {
		return feeds.Item{}, err
	}
	return post(name, text, source)
}

// post reads one post: the front matter, the Markdown body, and the predecessor's tail below it.
func post(name string, text []byte, source feeds.Source) (feeds.Item, error) {
	matter, body, err := splitFrontMatter(text)
	if err != nil {
		return feeds.Item{}, err
	}
	body, link := cutTail(body)
	body, dropped := cleanXML(body)
	rendered, faults := markdown(body)
	faults = append(faults, characterFaults(body, dropped)...)
	item := feeds.Item{
		GUID:       strings.TrimSuffix(name, path.Ext(name)),
		Name:       postID(name),
		Title:      matter.title,
		Link:       link,
		Body:       rendered,
		Base:       link,
		Tags:       matter.tags,
		Enclosures: matter.enclosures,
		Faults:     faults,
	}
	item.Published, _ = dates{location: source.Location}.read(matter.date)
	item.Category, item.Outlet = filing(matter)
	if item.Title == "" && strings.TrimSpace(item.Body) == "" {
		return feeds.Item{}, errors.New("neither a title nor a body: nothing to keep")
	}
	return item, nil
}

// filing reads where the predecessor filed a post: the category is a slug, and its title the tag that is the outlet's
// name and 新闻, or the first tag where none is. The posts of a category have their tags in any order. A post that finews
// wrote says its outlet, and has the title first.
func filing(matter frontMatter) (category feeds.Category, outlet string) {
	if len(matter.categories) == 0 {
		return feeds.Category{}, ""
	}
	category = feeds.Category{Slug: matter.categories[0], Title: matter.categories[0]}
	if len(matter.tags) > 0 && matter.outlet != "" {
		category.Title = matter.tags[0]
		return category, matter.outlet
	}
	if len(matter.tags) > 0 {
		title := max(0, slices.IndexFunc(matter.tags, func(tag string) bool { return strings.HasSuffix(tag, "新闻") }))
		category.Title = matter.tags[title]
		outlet = strings.TrimSuffix(category.Title, "新闻")
	}
	return category, outlet
}

// postDate is the date that a post's file name starts with.
var postDate = regexp.MustCompile(`^(\d{4}-\d{1,2}-\d{1,2})?-`)

// postID returns the file-name id: what Jekyll calls the title in a permalink.
func postID(name string) string {
	return postDate.ReplaceAllString(strings.TrimSuffix(name, path.Ext(name)), "")
}

var (
	autolinkLine   = regexp.MustCompile(`^<\s*(https?://[^<>\s]*)?\s*>$`)
	navigationLine = regexp.MustCompile(`^(\[返回[^\]]*\]\([^)]*\)[｜| ]*)+$`)
)

// cutTail takes from the end of a body what the predecessor wrote below each article: the address of the
// original between angle brackets, often empty, and the links back to the category and the home page.
func cutTail(body []byte) (kept []byte, link string) {
	for {
		body = bytes.TrimSpace(body)
		start := bytes.LastIndexByte(body, '\n') + 1
		line := bytes.TrimSpace(body[start:])
		if m := autolinkLine.FindSubmatch(line); m != nil && link == "" {
			link, _ = feeds.WebAddress("", string(m[1]))
		} else if !navigationLine.Match(line) || len(line) == 0 {
			return body, link
		}
		body = body[:start]
	}
}

// FolderHash returns a hash of the names, sizes, modes and times of the posts of a source and of the settings that it
// is read with, hexadecimal: as long as it is the same, the folder need not be read. It holds for a folder that was
// read whole: see Result.Unread.
func FolderHash(source feeds.Source) (string, error) {
	folder, err := os.OpenRoot(source.Path)
	if err != nil {
		return "", fmt.Errorf("open the folder of posts: %w", err)
	}
	defer folder.Close()
	names, _, err := postNames(folder.FS(), source.MaxItems)
	if err != nil {
		return "", fmt.Errorf("list the folder of posts: %w", err)
	}
	h := sha256.New()
	fmt.Fprintln(h, source.Reading())
	for _, name := range names {
		info, err := folder.Stat(name)
		if err != nil {
			return "", fmt.Errorf("read the folder of posts: %w", err)
		}
		fmt.Fprintf(h, "%q %d %v %d\n", name, info.Size(), info.Mode(), info.ModTime().UnixNano())
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
