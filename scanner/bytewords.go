package scanner

import (
	"encoding/binary"
	"hash/crc32"
)

// bytewords are the words for bytes 0 to 255, of four letters each; first
// and last letter tell a word.
//
// Source: BCR-2020-012.
const bytewords = "ableacidalsoapexaquaarchatomauntawayaxisbackbaldbarnbeltbetabias" +
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

// bytewordTable holds the byte of each pair of first and last letter, or -1.
var bytewordTable = newBytewordTable()

func newBytewordTable() (out [26][26]int16) {
	for i := range out {
		for j := range out[i] {
			out[i][j] = -1
		}
	}
	for b := 0; 4*b < len(bytewords); b++ {
		out[bytewords[4*b]-'a'][bytewords[4*b+3]-'a'] = int16(b)
	}
	return
}

// decodeBytewords decodes minimal bytewords, two letters a byte, and checks
// the CRC-32 at their end, which it takes off.
func decodeBytewords(s string) ([]byte, bool) {
	if len(s)%2 != 0 || len(s) < 2*(crc32.Size+1) {
		return nil, false
	}
	out := make([]byte, 0, len(s)/2)
	for i := 0; i < len(s); i += 2 {
		a, b := s[i]-'a', s[i+1]-'a'
		if a >= 26 || b >= 26 || bytewordTable[a][b] < 0 {
			return nil, false
		}
		out = append(out, byte(bytewordTable[a][b]))
	}
	body := out[:len(out)-crc32.Size]
	return body, crc32.ChecksumIEEE(body) == binary.BigEndian.Uint32(out[len(body):])
}
