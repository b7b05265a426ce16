#include "tools/clustrctl/flat/columns/known_names.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "tools/clustrctl/flat/values/cell_text.h"
#include "tools/clustrctl/flat/values/currency.h"
#include "tools/clustrctl/flat/values/days/folded_word.h"

namespace clustr::ctl {
namespace {

// Names of one rank, as PlainName writes them, each between two spaces.
using Rank = std::string_view;

constexpr Rank kOrders =
    " orderid orderno ordernumber ordernummer orderkod ordernum ordernr orderref orderreference "
    "ordercode orderkey "
    "salesorder salesorderno salesordernumber salesorderid purchaseid purchaseno amazonorderid "
    "bestellnr bestellnummer bestellung bestellungsnr bestellungsnummer bestellid auftrag "
    "auftragnr auftragsnr auftragsnummer auftragid ncommande nocommande ndecommande "
    "numerocommande numerodecommande commande idcommande refcommande referencecommande pedido "
    "npedido nopedido numeropedido numerodepedido idpedido ordine nordine numeroordine idordine "
    "bestelling bestelnr bestelnummer bestellingnummer ordrenr ordrenummer tilaus tilausnro "
    "tilausnumero zamowienie nrzamowienia numerzamowienia idzamowienia objednavka "
    "cisloobjednavky rendeles rendelesszam comanda nrcomanda numarcomanda narudzba siparis "
    "siparisno siparisnumarasi заказ номерзаказа замовлення номерзамовлення поръчка "
    "παραγγελια αριθμοσπαραγγελιασ رقمالطلب מספרהזמנה 订单 订单号 订单编号 訂單編號 注文番号 "
    "注文id 受注番号 주문번호 ";
constexpr Rank kReceipts =
    " invoiceid invoicenumber invoicenum invoicenr receipt receiptid receiptno receiptnumber "
    "receiptnum ticketid ticketno ticketnumber bill billid billno billnumber basketid cartid "
    "beleg belegnr belegnummer bon bonnr bonnummer kassenbon kassenbonnr rechnung rechnungnr "
    "rechnungsnr rechnungsnummer facture nfacture nofacture numerofacture numerodefacture ticket "
    "nticket numeroticket factura nfactura numerofactura numerodefactura recibo fattura "
    "numerofattura scontrino numeroscontrino fatura numerofatura factuur factuurnr "
    "factuurnummer kassabon faktura fakturanr fakturanummer kvitto kvittonr kvittonummer "
    "kvittering kuitti lasku laskunumero nrfaktury numerfaktury paragon nrparagonu faktury "
    "cislofaktury doklad szamla szamlaszam faturano fisno чек номерчека счет номерсчета "
    "小票号 レシート番号 伝票番号 영수증번호 ";
constexpr Rank kTransactions =
    " transactionid transactionno transactionnumber saleid salesid saleno salenumber documentno "
    "documentnumber docno transaktionsnr transaktionsnummer transaktionsid vorgangsnr "
    "vorgangsnummer idtransaction idtransaccion ";

constexpr Rank kSkus =
    " sku productsku itemsku variantsku merchantsku sellersku skucode skuid skuno ";
constexpr Rank kProductCodes =
    " productid productcode productno productnumber productref productreference articleid "
    "articleno articlenumber articlecode itemid itemcode itemno itemnumber materialnumber "
    "artikelnr artikelnummer artikelcode artikelid artnr artikelno produktnr produktnummer "
    "produktid codeproduit codearticle refproduit referenceproduit refarticle referencearticle "
    "idproduit codigoproducto codigodeproducto codigoarticulo referenciaproducto idproducto "
    "codigoproduto codigodoproduto codiceprodotto codicearticolo idprodotto productnr "
    "productnummer varenr varenummer artikkelnr tuotenro tuotenumero tuotekoodi kodproduktu "
    "idproduktu kodtowaru kodproduktu kodzbozi cikkszam termekkod codprodus urunkodu артикул "
    "кодтовара кодпродукту κωδικοσπροιοντοσ رمزالمنتج 商品编号 商品编码 商品代码 货号 商品コード "
    "商品番号 品番 상품코드 상품번호 ";
constexpr Rank kProducts =
    " item article artikel produkt produit producto produto articulo prodotto articolo vare vara "
    "tuote produs proizvod urun товар продукт προιον المنتج 商品 商品名 상품 ";
constexpr Rank kBarcodes = " ean ean13 upc gtin barcode plu isbn asin ";

constexpr Rank kDescriptions =
    " productname productdescription producttitle itemname itemdescription itemtitle articlename "
    "articledescription productdesc itemdesc artikelname artikelbezeichnung artikelbeschreibung "
    "produktname produktbezeichnung bezeichnung nomproduit nomduproduit designation libelle "
    "nomarticle nombreproducto nombredelproducto nombredeproducto descripcion descripcionproducto "
    "nomeproduto nomedoproduto nomeprodotto nomedelprodotto descrizione descrizioneprodotto "
    "productnaam omschrijving artikelomschrijving produktnavn varenavn produktnamn benamning "
    "tuotenimi nazwaproduktu nazwatowaru nazevproduktu nazevzbozi termeknev megnevezes numeprodus "
    "denumire nazivproizvoda urunadi наименование наименованиетовара названиетовара "
    "найменування ονομαπροιοντοσ اسمالمنتج שםמוצר 商品名称 产品名称 상품명 ";

constexpr Rank kQuantities =
    " qty qnty quantityordered quantitysold orderedquantity orderquantity orderqty qtyordered "
    "qtysold soldqty soldquantity salesquantity itemquantity itemqty productquantity productqty "
    "quantitypurchased quantityshipped units unitssold unitsordered noofunits numberofunits "
    "menge anzahl stuck stuckzahl bestellmenge verkaufsmenge verkauftemenge quantite qte qtte "
    "cantidad cant unidades quantidade qtd qtde quantita qta pezzi aantal antal antall kpl maara "
    "lukumaara ilosc liczbasztuk mnozstvi pocetkusu mennyiseg darabszam cantitate kolicina adet "
    "miktar количество колво кількість ποσοτητα الكمية כמות 数量 销售数量 個数 수량 ";

constexpr Rank kPrices =
    " priceperunit itempriceperunit unitsellingprice preis einzelpreis stuckpreis preisprostuck "
    "einheitspreis epreis prix prixunitaire prixunite precio preciounitario preciounidad preco "
    "precounitario valorunitario prezzo prezzounitario prijs stukprijs eenheidsprijs prijsperstuk "
    "pris styckpris apris enhetspris enhedspris stykpris hinta yksikkohinta ahinta cena "
    "cenajednostkowa cenazasztuke jednotkovacena cenazakus egysegar pret pretunitar "
    "jedinicnacijena fiyat birimfiyat birimfiyati цена ценазаединицу ценаза1шт ціна τιμη السعر "
    "سعرالوحدة מחיר 单价 単価 단가 ";

constexpr Rank kTotals =
    " linetotal rowtotal itemtotal lineamount linevalue extendedprice extendedamount extprice "
    "positionssumme positionspreis zeilensumme zeilenbetrag totalligne montantligne totallinea "
    "importelinea totaleriga totallinha regeltotaal radsumma linjesum rivisumma wartoscpozycji ";
constexpr Rank kSales =
    " sales salesvalue salesamount netsales revenue netrevenue umsatz chiffredaffaires ventas "
    "vendite vendas omzet ";

constexpr Rank kOrderDates =
    " orderdate dateoforder orderedat orderedon ordereddate orderdatetime ordertimestamp "
    "dateordered orderpurchasetimestamp purchasedate purchasedat purchasedon dateofpurchase "
    "saledate salesdate dateofsale datesold bestelldatum bestelltam auftragsdatum kaufdatum "
    "verkaufsdatum datecommande datedecommande datedachat dateachat datevente datedevente "
    "fechapedido fechadepedido fechadelpedido fechacompra fechadecompra fechaventa fechadeventa "
    "datapedido datadopedido datacompra datavenda dataordine dataacquisto datavendita besteldatum "
    "orderdatum aankoopdatum verkoopdatum ordredato kjopsdato salgsdato tilauspaiva "
    "tilauspaivamaara ostopaiva datazamowienia datasprzedazy datazakupu datumobjednavky "
    "datumprodeje rendelesdatuma datacomenzii datumnarudzbe siparistarihi satistarihi датазаказа "
    "датапродажи датазамовлення ημερομηνιαπαραγγελιασ تاريخالطلب 订单日期 下单时间 订单时间 "
    "交易日期 注文日 注文日時 購入日 販売日 売上日 주문일 주문일자 주문일시 판매일 ";
constexpr Rank kInvoiceDates =
    " receiptdate transactiondate transactiondatetime transactiondt customershipmentdate "
    "billdate documentdate docdate belegdatum bondatum rechnungsdatum datefacture datefacturation "
    "fechafactura fechatransaccion datafattura datafatura factuurdatum fakturadatum fakturadato "
    "laskupaiva datafaktury datumfaktury szamladatuma faturatarihi ";
constexpr Rank kDates =
    " datetime timestamp createdat createdon creationdate datecreated createddate datum dato data "
    "fecha paiva paivays paivamaara pvm tarih keltezes дата датаивремя ημερομηνια التاريخ תאריך "
    "日期 日付 날짜 일자 ";

constexpr Rank kCustomers =
    " customerno customernumber customercode customernum customerref custid custno clientid "
    "clientno clientnumber clientcode memberid memberno membernumber buyerid "
    "shopperid householdkey householdid loyaltyid kundennr kundennummer kundenid kundeid "
    "numeroclient noclient nclient codeclient idclient idcliente codigocliente "
    "codigodecliente codigodocliente numerocliente codicecliente klantnr klantnummer klantid "
    "kundnr kundnummer kundenr kundenummer asiakasnro asiakasnumero idklienta nrklienta "
    "numerklienta kodklienta cislozakaznika idzakaznika vevokod vevoazonosito codclient "
    "musterino musterikodu musteriid кодклиента idклиента номерклиента κωδικοσπελατη "
    "رقمالعميل 客户编号 客户id 会员号 会员id 用户id 顧客id 顧客番号 顧客コード 会員番号 고객번호 "
    "고객id 회원번호 ";
constexpr Rank kCustomerWords =
    " client buyer shopper member kunde client cliente klant kund asiakas klient zakaznik vevo "
    "kupac musteri клиент покупатель клієнт покупець πελατησ العميل לקוח 客户 会员 顧客 고객 ";
constexpr Rank kAddresses = " customeremail clientemail buyeremail emailaddress email ";

constexpr Rank kCategories =
    " productcategory itemcategory categoryname productgroup warengruppe artikelgruppe kategorie "
    "produktkategorie categorie categorieproduit categoria kategoria kategori категория 分类 品类 "
    "カテゴリ 카테고리 ";
constexpr Rank kBrands = " brandname marke marque marca merk marka бренд 品牌 ブランド 브랜드 ";
constexpr Rank kPayments =
    " paymentmethod paymentmode zahlungsart zahlart zahlungsmethode modedepaiement formadepago "
    "metododepago metodopagamento betaalwijze betalningssatt ";
constexpr Rank kChannels = " saleschannel vertriebskanal verkaufskanal canaldevente canaldeventa ";

std::vector<Rank> RanksOf(Role role) {
  switch (role) {
    case Role::kOrder:
      return {kOrders, kReceipts, kTransactions};
    case Role::kProduct:
      return {kSkus, kProductCodes, kProducts, kBarcodes};
    case Role::kDescription:
      return {kDescriptions};
    case Role::kQuantity:
      return {kQuantities};
    case Role::kPrice:
      return {kPrices};
    case Role::kTotal:
      return {kTotals, kSales};
    case Role::kDate:
      return {kOrderDates, kInvoiceDates, kDates};
    case Role::kCustomer:
      return {kCustomers, kCustomerWords, kAddresses};
    case Role::kCategory:
      return {kCategories};
    case Role::kBrand:
      return {kBrands};
    case Role::kPaymentType:
      return {kPayments};
    case Role::kChannel:
      return {kChannels};
    default:
      return {};
  }
}

// What may stand in brackets behind a name and leaves its meaning: units, taxes, and how to write.
bool IsRemark(std::string_view text) {
  static constexpr std::string_view kRemarks =
      " pcs pc pieces units unit stk stuck szt each perunit no nr utc gmt required optional net "
      "gross netto brutto exclvat inclvat excltax incltax exclmwst inklmwst ht ttc yyyymmdd "
      "ddmmyyyy mmddyyyy iso ";
  if (!CurrencyOf(Trimmed(text)).empty()) return true;
  std::string plain;
  for (const char c : FoldedWord(text)) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c))) plain.push_back(c);
  }
  return !plain.empty() && IsOneOf(plain, kRemarks);
}

// The name without a remark in brackets, or a currency, at its end.
std::string_view WithoutUnit(std::string_view name) {
  name = Trimmed(name);
  for (const auto& [open, close] : {std::pair('(', ')'), std::pair('[', ']')}) {
    const size_t bracket = name.rfind(open);
    if (bracket == std::string_view::npos || bracket == 0 || !name.ends_with(close)) continue;
    const std::string_view remark = name.substr(bracket + 1, name.size() - bracket - 2);
    if (IsRemark(remark)) name = Trimmed(name.substr(0, bracket));
  }
  const size_t space = name.find_last_of(" /");
  if (space == std::string_view::npos || CurrencyOf(name.substr(space + 1)).empty()) return name;
  name = Trimmed(name.substr(0, space));
  for (const std::string_view in : {" in", " en"}) {
    if (name.ends_with(in)) name.remove_suffix(in.size());
  }
  return name;
}

// `ndecommande` of `N° de commande`: letters and digits alone, folded.
std::string PlainName(std::string_view name) {
  bool legacy = false;
  const std::string text = DecodedOnceMore(Utf8Text(name, &legacy));
  const std::string folded = absl::StrReplaceAll(FoldedWord(WithoutUnit(text)),
                                                 {{"°", ""}, {"º", ""}, {"№", "no"}, {"’", ""}});
  std::string plain;
  for (const char c : folded) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 || absl::ascii_isalnum(byte)) plain.push_back(c);
  }
  return plain;
}

}  // namespace

bool MayNumberLines(std::string_view name) { return IsOneOf(PlainName(name), kTransactions); }

std::string_view CurrencyInName(std::string_view name) {
  name = Trimmed(name);
  if (name.ends_with(')') || name.ends_with(']')) name.remove_suffix(1);
  const size_t start = name.find_last_of(" ([/");
  if (start == std::string_view::npos) return {};
  const std::string_view word = name.substr(start + 1);
  return IsCurrencyCodeOrSign(word) ? CurrencyOf(word) : std::string_view();
}

std::vector<size_t> ColumnsKnownAs(Role role, absl::Span<const std::string> header,
                                   absl::FunctionRef<bool(size_t)> is_taken) {
  std::string own = absl::StrCat(" ", PlainName(RoleName(role)), " ");
  for (const std::string& name : OtherNames(role)) absl::StrAppend(&own, PlainName(name), " ");
  std::vector<Rank> ranks = RanksOf(role);
  ranks.insert(ranks.begin(), own);
  std::vector<std::string> names;
  for (const std::string& name : header) names.push_back(PlainName(name));
  for (const Rank rank : ranks) {
    std::vector<size_t> found;
    for (size_t i = 0; i < names.size(); ++i) {
      if (!names[i].empty() && !is_taken(i) && IsOneOf(names[i], rank)) found.push_back(i);
    }
    if (!found.empty()) return found;
  }
  return {};
}

}  // namespace clustr::ctl
