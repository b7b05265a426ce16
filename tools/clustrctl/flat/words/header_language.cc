#include "tools/clustrctl/flat/words/header_language.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/ascii.h"
#include "tools/clustrctl/flat/values/days/folded_word.h"

namespace clustr::ctl {
namespace {

// Folded, each with a space on both sides.
constexpr std::string_view kWords =
    // German.
    " menge anzahl stuck stk preis einzelpreis stuckpreis vk kunde kundennummer kundennr kunden "
    "bestellung bestellnummer bestellnr auftrag auftragsnummer auftragsnr rechnung rechnungsnummer "
    "rechnungsnr beleg belegnummer belegnr belegdatum rechnungsdatum bestelldatum auftragsdatum "
    "bezeichnung artikelbezeichnung artikelnr betrag summe gesamt gesamtpreis umsatz kasse bon "
    "ware "
    // French.
    "quantite qte prix commande facture designation montant reference libelle "
    // Spanish and Portuguese.
    "fecha cantidad precio cliente pedido articulo producto factura importe quantidade preco "
    "produto "
    "encomenda fatura valor "
    // Italian.
    "quantita prezzo ordine prodotto fattura importo articolo descrizione "
    // Polish, Czech, Slovak, Slovene, Croatian.
    "ilosc cena zamowienie nazwa towar kontrahent kwota mnozstvi zakaznik objednavka zbozi castka "
    "kolicina stranka narocilo kupac narudzba "
    // Dutch, Danish, Norwegian, Finnish.
    "aantal prijs klant bestelling dato antall belop belob vare paivamaara maara hinta asiakas "
    "tilaus "
    "tuote "
    // Romanian, Turkish.
    "cantitate pret comanda tarih miktar fiyat musteri siparis urun adet tutar "
    // Russian, Ukrainian, Bulgarian, Greek.
    "дата количество цена клиент заказ товар сумма кількість ціна замовлення количество поръчка "
    "ημερομηνια ποσοτητα τιμη πελατης παραγγελια ";

// Whether one of the words of a name is in the list.
bool HasWord(const std::string& name) {
  const std::string folded = FoldedWord(name);
  size_t start = 0;
  for (size_t i = 0; i <= folded.size(); ++i) {
    const bool is_letter =
        i < folded.size() && (static_cast<unsigned char>(folded[i]) >= 0x80 ||
                              absl::ascii_isalpha(static_cast<unsigned char>(folded[i])));
    if (is_letter) continue;
    if (i > start && IsOneOf(std::string_view(folded).substr(start, i - start), kWords))
      return true;
    start = i + 1;
  }
  return false;
}

}  // namespace

bool WritesDayFirst(absl::Span<const std::string> header) {
  return std::count_if(header.begin(), header.end(), HasWord) >= 2;
}

}  // namespace clustr::ctl
