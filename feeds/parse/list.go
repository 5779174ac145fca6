package parse

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"finews.withounder.com/feeds"
)

// List reads the items of a JSON document by the paths of the source, which are those of gjson. The document may be
// wrapped in a call (JSONP) or an assignment. Item.List leads to an array of records, or to an object whose values are
// records; no records at all are no error, unless the answer says that it is a refusal, a list that is not there is one, and it
// says what came instead. Where source.Body has a path and no address to ask at, it is the path of the body within a record.
// At most source.MaxItems items are kept, the newest.
func List(source feeds.Source, doc Document) (result Result, err error) {
	defer recovered(&err)
	reader, err := newListReader(source.Item)
	if err != nil {
		return Result{}, err
	}
	text, err := readJSON(doc, source.Charset)
	if err != nil {
		return Result{}, err
	}
	records, err := recordsAt(text, source.Item.List.Path)
	if err != nil {
		return Result{}, err
	}
	if len(records) == 0 {
		return emptyList(text, source.Item.List.Path)
	}
	read := rows{source: source, doc: doc, base: doc.URL}
	dropped := 0
	for _, record := range records {
		if !record.IsObject() && !record.IsArray() {
			dropped++
			continue
		}
		body := ""
		if inRecord(source) {
			body = bodyHTML(textAt(record.Raw, source.Body.Path))
		}
		read.add(reader.row(record), body)
	}
	switch {
	case len(read.items) > 0:
	case read.astray > 0:
		return Result{}, errors.New(read.noLink())
	default:
		return Result{}, fmt.Errorf("item.title and item.link find nothing in any of %d records of %s: the first one %s; the API may have changed",
			len(records), source.Item.List.Path, shape(records[0]))
	}
	result = newest(read.items, source.MaxItems)
	if dropped > 0 {
		result.Faults = append(result.Faults, fmt.Sprintf("%d of %d records are null or a single value: dropped", dropped, len(records)))
	}
	result.Faults = append(result.Faults, read.faults()...)
	return result, nil
}

// inRecord reports whether the records of a list hold the bodies: body.path without an address to ask at.
func inRecord(source feeds.Source) bool {
	return source.Kind == feeds.KindJSON && source.Body.Path != "" && !source.Body.Asked()
}

// emptyList tells a list without records, which is a fault, from the refusal of an API that answers with an empty one, which
// is an error: {"code":403,"msg":"无权限","data":[]}.
func emptyList(text, path string) (Result, error) {
	first := func(names ...string) (name, value string) {
		for _, name := range names {
			if value = scalar(gjson.Get(text, name)); value != "" {
				return name, feeds.CutBytes(value, maxShownText)
			}
		}
		return "", ""
	}
	codeName, code := first("code", "status", "errcode", "errno")
	sayName, says := first("msg", "message", "errmsg", "error")
	if code == "" || says == "" || isSuccess(code) || isSuccess(says) {
		return Result{Faults: []string{"the list is empty"}}, nil
	}
	return Result{}, fmt.Errorf("the list at %s is empty, and the answer says %s: %.100q, %s: %.100q; ask for it in a browser, and look whether it wants a log-in or a header",
		path, codeName, code, sayName, says)
}

// isSuccess reports whether a code or a word of an API says that all is well: 0, 0000, 200, ok, 操作成功.
func isSuccess(said string) bool {
	said = strings.ToLower(said)
	return strings.Trim(said, "0") == "" || slices.Contains([]string{"200", "ok", "true"}, said) ||
		strings.Contains(said, "success") && !strings.Contains(said, "un") || strings.Contains(said, "成功") && !strings.ContainsAny(said, "不未")
}

// wrapper is what stands before and behind JSON that is written to be run: cb({…}); or var list = {…};
var (
	wrapperStart = regexp.MustCompile(`^(?:/\*[^*]{0,100}\*/\s*)?(?:(?:var|let|const)\s+)?[A-Za-z_$][\w$.\[\]"']{0,100}\s*(\(|=)\s*`)
	wrapperEnd   = regexp.MustCompile(`\)?[\s;]*$`)
)

// readJSON returns the JSON of a document as text that is valid and can be read without harm.
func readJSON(doc Document, charset string) (string, error) {
	decoded, err := decode(doc, charset)
	if err != nil {
		return "", err
	}
	text := trim(decoded)
	if len(text) == 0 {
		return "", errors.New("the body is empty")
	}
	if text[0] != '{' && text[0] != '[' {
		if start := wrapperStart.FindIndex(text[:min(len(text), 512)]); start != nil {
			text = text[start[1]:]
			text = text[:len(text)-len(wrapperEnd.Find(text[max(0, len(text)-64):]))]
		}
	}
	if len(text) == 0 || text[0] != '{' && text[0] != '[' {
		return "", fmt.Errorf("not JSON: got %s; check the address in a browser", came(decoded, doc))
	}
	if _, _, err := guardJSON(text); err != nil {
		return "", err
	}
	if !gjson.ValidBytes(text) {
		text = escapeControl(text) // some APIs write line breaks into their texts as they are
	}
	if !gjson.ValidBytes(text) {
		return "", fmt.Errorf("the JSON is damaged or cut off: it ends in %.40q", text[max(0, len(text)-40):])
	}
	return string(text), nil
}

// escapeControl writes the line breaks within the texts of JSON as JSON does, so that paragraphs stay paragraphs, and a
// space in place of any other control character.
func escapeControl(text []byte) []byte {
	escaped := make([]byte, 0, len(text)+len(text)/16)
	quoted, escape := false, false
	for _, c := range text {
		switch {
		case escape:
			escape = false
		case c == '\\':
			escape = true
		case c == '\n' && quoted:
			escaped = append(escaped, `\n`...)
			continue
		case c == '"':
			quoted = !quoted
		}
		escaped = append(escaped, max(c, ' '))
	}
	return escaped
}

// recordsAt returns the records of the list at path.
func recordsAt(text, path string) ([]gjson.Result, error) {
	list := gjson.Get(text, path)
	if list.IsArray() {
		return list.Array(), nil
	}
	if !list.IsObject() {
		return nil, fmt.Errorf("no list at %s: the answer %s", path, shape(gjson.Parse(text)))
	}
	var records []gjson.Result
	all := true
	list.ForEach(func(_, value gjson.Result) bool {
		records = append(records, value)
		all = value.IsObject()
		return all
	})
	if !all {
		return nil, fmt.Errorf("no list at %s: what stands there %s", path, shape(list))
	}
	return records, nil
}

// What a message shows of an answer.
const (
	maxShownKeys = 8
	maxShownText = 100 // bytes
)

// shape says what an answer is made of, and what it has to say for itself, such as 权限不足.
func shape(answer gjson.Result) string {
	if answer.IsArray() {
		return "is a list"
	}
	if !answer.IsObject() {
		return fmt.Sprintf("is %q", feeds.CutBytes(answer.Raw, maxShownText))
	}
	var keys []string
	answer.ForEach(func(key, value gjson.Result) bool {
		shown := feeds.CutBytes(fmt.Sprintf("%q", feeds.CutBytes(key.Str, maxShownText)), maxShownText)
		shown = strings.Trim(shown, `"`)
		switch key.Str {
		case "code", "status", "message", "msg", "error", "errmsg", "errcode":
			if said := scalar(value); said != "" {
				shown += ": " + strings.Trim(fmt.Sprintf("%q", feeds.CutBytes(said, maxShownText)), `"`)
			}
		}
		keys = append(keys, shown)
		return len(keys) < maxShownKeys
	})
	if len(keys) == 0 {
		return "is empty"
	}
	return "has " + strings.Join(keys, ", ")
}

// listReader holds the paths of a source, ready for use.
type listReader [fieldCount]finder

func newListReader(fields feeds.Fields) (r listReader, err error) {
	for i, s := range selectors(fields) {
		r[i].selector = s
		if r[i].pattern, err = compilePattern(fieldNames[i], s.Pattern); err != nil {
			return r, err
		}
	}
	return r, nil
}

func (r listReader) row(record gjson.Result) row {
	var found row
	for i, field := range r {
		found[i] = field.from(record.Raw, i == fieldLink || i == fieldImage)
	}
	return found
}

// finder is a feeds.Selector of a JSON document, ready for use.
type finder struct {
	selector feeds.Selector
	pattern  *regexp.Regexp // nil: the whole value
}

// from returns the value that the selector finds in a record.
func (f finder) from(record string, isAddress bool) string {
	value := func(path string) string { return valueAt(record, path) }
	found := ""
	switch template := f.selector.Template; {
	case template != "" && isAddress:
		found, _ = fillAddress(template, value, func(s string) string { return s })
	case template != "":
		found, _ = fill(template, value)
	case f.selector.Path != "":
		found = value(f.selector.Path)
	}
	return part(f.pattern, found)
}

// valueAt returns the value at path as text: of an array the first that is one.
func valueAt(record, path string) string {
	found := gjson.Get(record, path)
	if found.IsArray() {
		text := ""
		found.ForEach(func(_, each gjson.Result) bool {
			text = scalar(each)
			return text == ""
		})
		return text
	}
	return scalar(found)
}

// scalar returns a single value as text, numbers as they were written: an id of 18 digits is no float.
func scalar(value gjson.Result) string {
	switch value.Type {
	case gjson.String:
		return strings.TrimSpace(feeds.CutBytes(value.Str, maxValueBytes))
	case gjson.Number, gjson.True, gjson.False:
		return feeds.CutBytes(value.Raw, maxValueBytes)
	}
	return ""
}
