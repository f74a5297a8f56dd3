// Reads codes with Debian's zbar or zxing-cpp, for scanbench: native zbar, or
// native zxing. A request is width, height and the grey pixels; the answer is
// the CPU time in microseconds and the text in hex, or -.
#include <zbar.h> // first: the other defines a word that it uses

#define ZX_USE_UTF8
#include <ZXing/ReadBarcode.h>

#include <cstdio>
#include <cstring>
#include <ctime>
#include <string>
#include <vector>

static double cpu() {
	timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static bool readZXing(const std::vector<unsigned char>& pixels, int w, int h, std::string& text) {
	ZXing::DecodeHints hints;
	hints.setFormats(ZXing::BarcodeFormat::QRCode);
	hints.setMaxNumberOfSymbols(1);
	auto found = ZXing::ReadBarcodes(ZXing::ImageView(pixels.data(), w, h, ZXing::ImageFormat::Lum), hints);
	if (found.empty() || !found[0].isValid())
		return false;
	text = found[0].text();
	return true;
}

static bool readZBar(zbar::ImageScanner& scanner, const std::vector<unsigned char>& pixels, int w, int h, std::string& text) {
	zbar::Image image(w, h, "Y800", pixels.data(), pixels.size());
	if (scanner.scan(image) <= 0)
		return false;
	auto first = image.symbol_begin();
	if (first == image.symbol_end())
		return false;
	text = first->get_data();
	return true;
}

int main(int argc, char** argv) {
	bool useZBar = argc > 1 && !strcmp(argv[1], "zbar");
	zbar::ImageScanner scanner;
	scanner.set_config(zbar::ZBAR_NONE, zbar::ZBAR_CFG_ENABLE, 0);
	scanner.set_config(zbar::ZBAR_QRCODE, zbar::ZBAR_CFG_ENABLE, 1);
	std::vector<unsigned char> pixels;
	int w, h;
	while (scanf("%d %d", &w, &h) == 2 && getchar() == '\n') {
		pixels.resize(size_t(w) * h);
		if (fread(pixels.data(), 1, pixels.size(), stdin) != pixels.size())
			return 1;
		std::string text;
		double start = cpu();
		bool found = useZBar ? readZBar(scanner, pixels, w, h, text) : readZXing(pixels, w, h, text);
		printf("%.1f ", cpu() - start);
		if (!found || text.empty())
			putchar('-');
		else
			for (unsigned char c : text)
				printf("%02x", c);
		putchar('\n');
		fflush(stdout);
	}
}
