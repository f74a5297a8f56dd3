package display

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/go-fonts/dejavu/dejavusans"
	"github.com/go-fonts/dejavu/dejavusansbold"
	"github.com/go-text/typesetting/language"
)

// names are made-up people, schools and badges, a few for each script and the
// font that it is drawn with: of the built-in ones, and of those that make
// fonts builds.
var names = map[string][]string{
	"sans":     {"María Hernández-Ortiz", "Nguyễn Thị Ánh Tuyết", "Zoë Đặng-Østergård", "Łukasz Wiśniewski", "Σοφία Παπαδοπούλου", "Ольга Щербакова", "office affine fjord"},
	"sansbold": {"VERIFIED", "AVATAR Tokyo Ångström", "Nguyễn Phương Thảo", "Живојин Ђоковић"},
	"arab":     {"محمد عبد الرحمن", "فاطمة الزهراء", "شارة اللحام الأولى", "لا إله", "پژمان کریمی", "گلناز ٹھاکر", "مُحَمَّد"},
	"hebr":     {"דוד בן־גוריון", "שָׁלוֹם עֲלֵיכֶם", "רבקה כהן"},
	"deva":     {"प्रियंका श्रीवास्तव", "कृष्ण क्षत्रिय", "हिन्दी द्वितीय", "ज्ञानेश्वर"},
	"beng":     {"শ্রীমতী বন্দ্যোপাধ্যায়", "কৃষ্ণচন্দ্র রায়", "স্বাস্থ্য"},
	"taml":     {"தமிழ்ச்செல்வி", "ஸ்ரீனிவாசன்", "கொற்றவை"},
	"thai":     {"สมชาย ศรีสุข", "น้ำผึ้ง กตัญญู", "ปิ่นเกล้า"},
	"laoo":     {"ສົມສັກ ພົມມະຈັນ", "ນ້ຳຝົນ"},
	"khmr":     {"សុខា ចាន់", "ស្រីមុំ កញ្ញា", "ក្រុង"},
	"mymr":     {"အောင်ဆန်း", "မြန်မာ ကျော်ကျော်", "ခင်မြတ်"},
	"ethi":     {"አበበ ቢቂላ", "ሰላማዊት ተስፋዬ"},
	"armn":     {"Արամ Խաչատրյան", "և"},
	"geor":     {"შოთა რუსთაველი", "ნინო"},
	"hani":     {"王小明", "李华焊接一级", "数据素养：社区调查"},
}

// TestShapesAllScripts shapes every name with the font for its script, and
// with HarfBuzz's own hb-shape where that is installed (Debian's
// libharfbuzz-bin): the same glyphs and clusters, and advances and offsets
// that differ by rounding only.
func TestShapesAllScripts(t *testing.T) {
	peer, err := exec.LookPath("hb-shape")
	if err != nil {
		t.Log("hb-shape is not installed; TestShapedAsHarfBuzz still holds what it once said")
		return
	}
	fonts := map[string]string{}
	for name, file := range map[string][]byte{"sans": dejavusans.TTF, "sansbold": dejavusansbold.TTF} {
		fonts[name] = filepath.Join(t.TempDir(), name+".ttf")
		if err := os.WriteFile(fonts[name], file, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pack, err := fs.Glob(os.DirFS("../build/fonts"), "????.?tf")
	if err != nil || len(pack) == 0 {
		t.Log("no font pack in build/fonts; make fonts builds it")
	}
	for _, name := range pack {
		fonts[name[:4]] = filepath.Join("../build/fonts", name)
	}
	glyphs := 0
	for font, file := range fonts {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		face, err := parseFont(data)
		if err != nil {
			t.Fatalf("%s: %v", font, err)
		}
		if len(names[font]) == 0 {
			t.Errorf("%s: there is no name to shape with it", font)
		}
		for _, name := range names[font] {
			out, err := exec.Command(peer, "--font-size=2048", "--no-glyph-names", "--language=en", "--font-file="+file, "--text="+name).CombinedOutput()
			if err != nil {
				t.Fatalf("hb-shape: %v: %s", err, out)
			}
			got, n := shaped(face, name)
			if want := strings.TrimSpace(string(out)); !alike(got, want) {
				t.Errorf("%s %s\n got %s\nwant %s", font, name, got, want)
			}
			glyphs += n
		}
	}
	t.Logf("%d glyphs in %d fonts", glyphs, len(fonts))
}

// alike tells whether two lines of hb-shape have the same glyphs and clusters,
// and places that differ by no more than what rounding a font of 1,000 units
// an em to 2,048 does.
func alike(a, b string) bool {
	numbers := regexp.MustCompile(`-?\d+`)
	glyphs, peers := strings.Split(a, "|"), strings.Split(b, "|")
	if len(glyphs) != len(peers) {
		return false
	}
	for i := range glyphs {
		g, p := numbers.FindAllString(glyphs[i], -1), numbers.FindAllString(peers[i], -1)
		if len(g) == 3 { // no offset, which may be one that rounds to none
			g = slices.Insert(g, 2, "0", "0")
		}
		if len(p) == 3 {
			p = slices.Insert(p, 2, "0", "0")
		}
		for j := range g {
			m, _ := strconv.Atoi(g[j])
			n, _ := strconv.Atoi(p[j])
			if m != n && (j < 2 || m-n > 1 || n-m > 1) {
				return false
			}
		}
	}
	return true
}

// shaped is a text of one script as hb-shape writes it, and its glyphs' number.
func shaped(face *typeface, name string) (string, int) {
	s := &setter{faces: [2]*typeface{face, face}}
	text := []rune(name)
	p := &para{text: text, advance: make([]int, len(text)), base: baseLevel(text, false)}
	r := run{face: face, level: p.base, from: 0, to: len(text)}
	s.shape(p, &r, language.NewLanguage("en"))
	var out []string
	for _, g := range r.glyphs {
		one := fmt.Sprintf("%d=%d", g.id, g.cluster)
		if g.dx != 0 || g.dy != 0 {
			one += fmt.Sprintf("@%d,%d", g.dx, g.dy)
		}
		out = append(out, fmt.Sprintf("%s+%d", one, g.advance))
	}
	return "[" + strings.Join(out, "|") + "]", len(r.glyphs)
}
