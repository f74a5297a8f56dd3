// Package bytewords writes bytes as English words of four letters, which
// people read to one another, and as the first and last letters of those,
// which codes hold.
//
// Source: Blockchain Commons BCR-2020-012, Bytewords.
package bytewords

import (
	"encoding/binary"
	"hash/crc32"
)

// wordLength is how many letters each word has.
const wordLength = 4

// list are the words for bytes 0 to 255; first and last letter tell a word.
const list = "ableacidalsoapexaquaarchatomauntawayaxisbackbaldbarnbeltbetabias" +
	"bluebodybragbrewbulbbuzzcalmcashcatschefcityclawcodecolacookcost" +
	"cruxcurlcuspcyandarkdatadaysdelidicedietdoordowndrawdropdrumdull" +
	"dutyeacheasyechoedgeepicevenexamexiteyesfactfairfernfigsfilmfish" +
	"fizzflapflewfluxfoxyfreefrogfuelfundgalagamegeargemsgiftgirlglow" +
	"goodgraygrimgurugushgyrohalfhanghardhawkheathelphighhillholyhope" +
	"hornhutsicedideaidleinchinkyintoirisironitemjadejazzjoinjoltjowl" +
	"judojugsjumpjunkjurykeepkenokeptkeyskickkilnkingkitekiwiknoblamb" +
	"lavalazyleaflegsliarlimplionlistlogoloudloveluaulucklungmainmany" +
	"mathmazememomenumeowmildmintmissmonknailnavyneednewsnextnoonnote" +
	"numbobeyoboeomitonyxopenovalowlspaidpartpeckplaypluspoempoolpose" +
	"puffpumapurrquadquizraceramprealredorichroadrockroofrubyruinruns" +
	"rustsafesagascarsetssilkskewslotsoapsolosongstubsurfswantacotask" +
	"taxitenttiedtimetinytoiltombtoystriptunatwinuglyundouniturgeuser" +
	"vastveryvetovialvibeviewvisavoidvowswallwandwarmwaspwavewaxywebs" +
	"whatwhenwhizwolfworkyankyawnyellyogayurtzapszerozestzinczonezoom"

// Word is the word for a byte.
func Word(b byte) string { return list[wordLength*int(b):][:wordLength] }

// table holds the byte of each pair of first and last letter, or -1.
var table = newTable()

func newTable() (out [26][26]int16) {
	for i := range out {
		for j := range out[i] {
			out[i][j] = -1
		}
	}
	for b := range 256 {
		w := Word(byte(b))
		out[w[0]-'a'][w[wordLength-1]-'a'] = int16(b)
	}
	return
}

// Decode decodes minimal bytewords, two letters a byte in lower case, and
// checks the CRC-32 at their end, which it takes off.
func Decode(s string) ([]byte, bool) {
	if len(s)%2 != 0 || len(s) < 2*(crc32.Size+1) {
		return nil, false
	}
	out := make([]byte, 0, len(s)/2)
	for i := 0; i < len(s); i += 2 {
		a, b := s[i]-'a', s[i+1]-'a'
		if a >= 26 || b >= 26 || table[a][b] < 0 {
			return nil, false
		}
		out = append(out, byte(table[a][b]))
	}
	body := out[:len(out)-crc32.Size]
	return body, crc32.ChecksumIEEE(body) == binary.BigEndian.Uint32(out[len(body):])
}
