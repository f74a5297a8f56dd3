package seal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	_ "image/gif"  // so that it is decoded
	_ "image/jpeg" // so that it is decoded
	"image/png"
	"io/fs"
	"path"
	"strings"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // so that it is decoded

	"badgekiosk/verify/trust"
)

// Bounds of pictures.
const (
	PictureSide   = 320      // pixels, the longest side of a picture in a bundle: what the largest panel shows
	leastSide     = 80       // pixels, below which none is scaled to save bytes
	maxSourceSide = 8192     // pixels, the longest side of one that is scaled
	maxSource     = 16 << 20 // pixels of one that is scaled
)

// A Folder is an unsealed tree that can be changed.
type Folder interface {
	fs.FS
	WriteFile(name string, data []byte) error
}

// Pictures makes every picture that a manifest names ready for a panel: PNG,
// at most [PictureSide] pixels, on white. The manifest is changed to name the
// new file, NAME.panel.png, which is the only one that is packed; made names
// them.
func Pictures(tree Folder) (made []string, err error) {
	files, err := fs.Glob(tree, "districts/*/manifests/*.json")
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		name, err := pictureOf(tree, file)
		if err != nil {
			return made, fmt.Errorf("%s: %w", file, err)
		}
		if name != "" {
			made = append(made, name)
		}
	}
	return made, nil
}

const panelExt = ".panel.png"

// pictureOf makes one manifest's picture ready, "" if it has none or it is
// ready.
func pictureOf(tree Folder, file string) (made string, err error) {
	data, err := fs.ReadFile(tree, file)
	if err != nil {
		return "", err
	}
	manifest := map[string]json.RawMessage{}
	var name string
	if json.Unmarshal(data, &manifest) != nil || json.Unmarshal(manifest["picture"], &name) != nil || name == "" {
		return "", nil // what is wrong with it, trust.Open says
	}
	from := path.Join(path.Dir(file), name)
	source, err := fs.ReadFile(tree, from)
	if err != nil {
		return "", fmt.Errorf("picture: %w", err)
	}
	if ready(source) {
		return "", nil
	}
	small, err := PanelPicture(source)
	if err != nil {
		return "", fmt.Errorf("picture %s: %w", name, err)
	}
	name = strings.TrimSuffix(name, path.Ext(name)) + panelExt
	if manifest["picture"], err = json.Marshal(name); err != nil {
		return "", err
	}
	if data, err = json.MarshalIndent(manifest, "", "  "); err != nil {
		return "", err
	}
	made = path.Join(path.Dir(file), name)
	if err := tree.WriteFile(made, small); err != nil {
		return "", err
	}
	return made, tree.WriteFile(file, append(data, '\n'))
}

// ready tells whether a picture can go onto a kiosk as it is.
func ready(data []byte) bool {
	c, format, err := image.DecodeConfig(bytes.NewReader(data))
	return err == nil && format == "png" && max(c.Width, c.Height) <= PictureSide && len(data) <= trust.MaxPicture
}

// PanelPicture returns a picture (PNG, JPEG, GIF, WebP) as a small PNG on
// white, its proportions kept: as large as [PictureSide] and
// [trust.MaxPicture] let it be. A drawing (SVG) is refused, since only a
// browser draws those faithfully.
func PanelPicture(data []byte) ([]byte, error) {
	if bytes.Contains(data[:min(len(data), 1024)], []byte("<svg")) {
		return nil, fmt.Errorf("is a drawing (SVG); export it as a PNG %d pixels wide with the program it was drawn in", PictureSide)
	}
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("is no PNG, JPEG, GIF or WebP: %w", err)
	}
	if c.Width < 1 || c.Height < 1 || max(c.Width, c.Height) > maxSourceSide || c.Width*c.Height > maxSource {
		return nil, fmt.Errorf("has %dx%d pixels, the limit is %d a side and %d in all", c.Width, c.Height, maxSourceSide, maxSource)
	}
	from, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	for side := PictureSide; side >= leastSide; side = side * 3 / 4 {
		out, err := scaled(from, side)
		if err != nil || len(out) <= trust.MaxPicture {
			return out, err
		}
	}
	return nil, fmt.Errorf("has more in it than a panel shows; make it simpler")
}

// scaled is a picture as a PNG of at most side pixels.
func scaled(from image.Image, side int) ([]byte, error) {
	w, h := from.Bounds().Dx(), from.Bounds().Dy()
	if longest := max(w, h); longest > side {
		w, h = max(1, w*side/longest), max(1, h*side/longest)
	}
	small := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(small, small.Rect, image.White, image.Point{}, draw.Src)
	draw.CatmullRom.Scale(small, small.Rect, from, from.Bounds(), draw.Over, nil)
	var out bytes.Buffer
	err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, small)
	return out.Bytes(), err
}

// unpacked tells a picture that no manifest in tree names, such as the source
// of a scaled one.
func unpacked(tree fs.FS, name string) bool {
	folder := path.Dir(name)
	if path.Base(folder) != "manifests" || path.Ext(name) == ".json" {
		return false
	}
	files, _ := fs.Glob(tree, folder+"/*.json")
	for _, file := range files {
		data, err := fs.ReadFile(tree, file)
		var m struct{ Picture string }
		if err == nil && json.Unmarshal(data, &m) == nil && path.Join(folder, m.Picture) == name {
			return false
		}
	}
	return true
}
