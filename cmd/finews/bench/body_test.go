package bench

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Sizes of a body, in bytes of UTF-8. A body grows by paragraphs until it has reached a length between least and
// enough; the last paragraph and the end of the body stay below the difference to most.
const (
	leastBody  = 2 << 10
	enoughBody = 6 << 10
	mostBody   = 8 << 10
)

// body returns an article as dirty as those of the aggregators: a hidden paragraph, a chart with a token in its
// address, keytip spans around names, full-width indents, share bar, tracking pixel, script.
func (w words) body(r *rand.Rand, outlet, link string) string {
	var b strings.Builder
	length := leastBody + r.IntN(enoughBody-leastBody)
	b.WriteString(`<p style="display:none;height:1px;overflow:hidden;"><br /></p>`)
	w.chart(&b, r)
	for first := true; b.Len() < length; first = false {
		if !first && r.IntN(6) == 0 {
			w.picture(&b, r)
		}
		w.paragraph(&b, r)
	}
	if r.IntN(2) == 0 {
		b.WriteString(`<div class="share-bar"><a href="javascript:void(0)" onclick="share('weixin')">微信</a> <a href="#">微博</a></div>`)
	}
	fmt.Fprintf(&b, `<p class="em_media">（文章来源：%s）</p>`, outlet)
	fmt.Fprintf(&b, `<img src="https://stat.example/pixel.gif?u=%s" width="1" height="1" />`, link)
	if r.IntN(3) == 0 {
		fmt.Fprintf(&b, `<script type="text/javascript">var id = %d; document.write('<i></i>');</script>`, r.Uint32())
	}
	return b.String()
}

// chart writes the share price chart that stands above articles, between comment markers.
func (w words) chart(b *strings.Builder, r *rand.Rand) {
	code := 600000 + r.IntN(5000)
	fmt.Fprintf(b, `<!-- EM_StockImg_Start --><p style="text-align:center;"><a href="http://quote.example/unify/r/1.%d" data-code="%d|1|1" class="EmImageRemark" target="_blank">`, code, code)
	fmt.Fprintf(b, `<img src="https://chart.example/GetPic.aspx?nid=1.%d&imageType=k&token=%016x%016x&at=1" border="0" alt="K图 %d_0" style="border:#d1d1d1 1px solid;" width="578" height="276" /></a></p><!-- EM_StockImg_End -->`, code, r.Uint64(), r.Uint64(), code)
}

func (w words) picture(b *strings.Builder, r *rand.Rand) {
	fmt.Fprintf(b, `<center><img src="/images/placeholder.gif" data-original="/images/2026/%08x.jpg" alt="%s" width="552" style="padding:3px;margin:5px 0;" /></center>`, r.Uint32(), w.place(r))
}

// paragraph writes one to three sentences, some of them with a name marked as the aggregators mark it.
func (w words) paragraph(b *strings.Builder, r *rand.Rand) {
	opening := [...]string{"<p>　　", `<p style="text-indent: 2em;">`, "<p>&nbsp;&nbsp;&nbsp;&nbsp;", `<p><span style="font-size:16px;">`}
	closing := [...]string{"</p>", "</p>\n ", "</p>\n", "</span></p>"}
	form := r.IntN(len(opening))
	b.WriteString(opening[form])
	for range 1 + r.IntN(3) {
		sentence := w.sentence(r)
		switch r.IntN(4) {
		case 0:
			code := 900 + r.IntN(100)
			fmt.Fprintf(b, `<span id="bk_90.BK%d"><a href="http://quote.example/unify/r/90.BK%d" class="keytip" data-code="90,BK%d">%s%s</a></span><span id="bkquote_90.BK%d"></span>%s`, code, code, code, pick(r, w.places), pick(r, w.orgs), code, sentence)
		case 1:
			b.WriteString("<strong>" + sentence + "</strong>")
		default:
			b.WriteString(sentence)
		}
	}
	b.WriteString(closing[form])
}
