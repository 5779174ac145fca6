package feeds

import (
	"net/url"
	"slices"
	"strings"
)

// sharers are query parameters that say who shared a link, where and by which application, beside those that CanonicalLink
// leaves out. That list stays as it is: keys that are stored were made with it.
var sharers = []string{
	"dclid", "msclkid", "igshid", // of advertisements and shared pictures, as gclid and fbclid are
	"spm_id_from", "vd_source", "bd_vid", "hmsr", "hmpl", "hmcu", "hmkw", "hmci", // of 阿里, 哔哩哔哩 and 百度统计
	"shareuid", "sharefrom", "sharetype", "sharesource", "sharetime", "tt_from", "wxshare_count", "wxshare_from",
	"sharer_sharetime", "sharer_shareid", "sharer_shareinfo", "sharer_shareinfo_first", // of 微信
}

// shares end the names of share_token, share_uid and their like, which begin with share_. Others, such as share_id and
// share_code, may be what the page is.
var shares = []string{"token", "uid", "user_id", "session_id", "source", "medium", "from", "from_user_hidden", "plat", "platform",
	"tag", "times", "type", "channel", "app_id", "iid", "did"}

// places are values of from that name an application, or a part of one. Any other, such as usd and beijing, may be what the
// page is about.
var places = []string{"timeline", "groupmessage", "singlemessage", "weixin", "wechat", "weixin_share", "wx", "qq", "qzone", "weibo", "sina", "baidu",
	"toutiao", "zhihu", "douyin", "app", "android", "ios", "iphone", "pc", "wap", "h5", "mobile", "rss", "feed", "search", "share",
	"home", "index", "message", "notify", "push", "newsapp"}

// ends are parameters beside which from is the beginning of something.
var ends = []string{"to", "until", "till", "end", "target", "dest"}

// signers are query parameters with which a server recognises an address that it made itself; signerPrefixes and
// signerSuffixes are what the names of others begin and end with.
var (
	signers        = []string{"sig", "expires", "auth_key", "authkey", "ossaccesskeyid", "key-pair-id", "hmac", "wssecret"}
	signerPrefixes = []string{"x-amz-", "x-oss-", "x-cos-", "x-goog-", "x-expires", "q-sign-", "sign_"}
	signerSuffixes = []string{"sign", "signature", "_sig", "token"}
)

// WithoutTrackers returns an http or https address without the query parameters that say who shared it, where, and in which
// campaign. The rest stays byte for byte, in its order. An address that is signed is returned as it is, since a signature
// may be over the whole query; and so is what is no such address, or is longer than 2048 bytes.
func WithoutTrackers(address string) string {
	return withoutPairs(address, func(names []string) func(name, pair string) bool {
		if slices.ContainsFunc(names, signs) {
			return nil
		}
		ranged := slices.ContainsFunc(names, func(name string) bool { return slices.Contains(ends, name) })
		return func(name, pair string) bool { return tracks(name, pair, ranged) }
	})
}

// tokens are parameters that carry a site's own right to a file, or say who asks.
var tokens = []string{"token", "access_token", "accesstoken", "auth_token", "ticket", "sid", "sessionid", "session", "openid"}

// WithoutTokens returns an http or https address without the query parameters that carry a right to what is there, or say
// who asks. The rest stays byte for byte. What is no such address, or is longer than 2048 bytes, is returned as it is.
func WithoutTokens(address string) string {
	return withoutPairs(address, func([]string) func(name, pair string) bool {
		return func(name, _ string) bool { return slices.Contains(tokens, name) }
	})
}

// withoutPairs returns an address without some pairs of its query. drop is asked once, with the names of all parameters,
// for what tells of each pair whether it goes; nil: none does.
func withoutPairs(address string, drop func(names []string) func(name, pair string) bool) string {
	before, query, found := strings.Cut(address, "?")
	if !found || len(address) > maxAddress || strings.Contains(before, "#") || !absolute(address) {
		return address
	}
	query, fragment, hasFragment := strings.Cut(query, "#")
	pairs := strings.Split(query, "&")
	names := make([]string, len(pairs))
	for i, pair := range pairs {
		names[i] = parameter(pair)
	}
	goes := drop(names)
	if goes == nil {
		return address
	}
	var kept []string
	for i, pair := range pairs {
		if !goes(names[i], pair) {
			kept = append(kept, pair)
		}
	}
	if len(kept) == len(pairs) {
		return address
	}
	if query = strings.Join(kept, "&"); strings.Trim(query, "&") != "" {
		before += "?" + query
	}
	if hasFragment {
		before += "#" + fragment
	}
	return before
}

func isShare(name string) bool {
	rest, found := strings.CutPrefix(name, "share_")
	return found && slices.Contains(shares, rest)
}

func absolute(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}

// parameter returns the name of a pair of a query in small letters. Sources escape twice at times, and then &amp; stands
// between two pairs.
func parameter(pair string) string {
	name, _, _ := strings.Cut(pair, "=")
	if plain, err := url.QueryUnescape(name); err == nil {
		name = plain
	}
	return strings.TrimPrefix(strings.ToLower(name), "amp;")
}

// tracks reports whether a pair of a query is of no use to the page. ranged: the end of a range stands beside it.
func tracks(name, pair string, ranged bool) bool {
	if name == "from" {
		_, value, _ := strings.Cut(pair, "=")
		return !ranged && slices.Contains(places, strings.ToLower(value))
	}
	return isTracker(name) || slices.Contains(sharers, name) || isShare(name)
}

// signs reports whether a parameter belongs to a signature. It errs towards it: an address that leads nowhere is worse
// than one that tells who shared it.
func signs(name string) bool {
	if isTracker(name) || isShare(name) {
		return false // share_token
	}
	return slices.Contains(signers, name) ||
		slices.ContainsFunc(signerPrefixes, func(prefix string) bool { return strings.HasPrefix(name, prefix) }) ||
		slices.ContainsFunc(signerSuffixes, func(suffix string) bool { return strings.HasSuffix(name, suffix) })
}
