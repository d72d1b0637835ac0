"""How the letters of each script are written in Latin ones, and which ideographs are one: data for comparing names.

Each letter (or pair of letters) with every way in which people, offices and passports write it; ``-`` is none.
"""

from collections.abc import Iterable, Mapping
from typing import Final


def listed(text: str, between: str | None = None) -> tuple[str, ...]:
    """Words that stand one behind the other, parted by blanks or by a sign."""
    return tuple(word.strip(" \n") for word in text.strip("\n").split(between))


def _table(text: str) -> dict[str, tuple[str, ...]]:
    """``а=a; б=b``: what stands left of the sign, in each of the ways that stand right of it."""
    pairs = (one.split("=") for one in text.replace("\n", " ").split(";") if one.strip())
    return {
        letter: tuple("" if way == "-" else way for way in ways.split())
        for letters, ways in pairs
        for letter in letters.split()
    }


#: Letters of the Latin script that other Latin writing spells otherwise; the bare letter is always one way.
LATIN: Final = _table("""
ä=a ae;ö=o oe;ü=u ue;å=a aa;ø=o oe;æ=ae a;œ=oe;ß=ss s;ł=l;đ=d dj;ð=d th;þ=th;ı=i;ō=o oh ou oo;ū=u uu;ñ=n ny;
š=s sh;ş=s sh;ș=s sh;č=c ch;ç=c ch;ž=z zh;ğ=g gh -;ć=c ch;ĳ=ij y;ij=ij y;ő=o oe;ű=u ue;
""")
CYRILLIC: Final = _table("""
а=a;б=b;в=v w f ff;г=g h gh;ґ=g;д=d;е=e ye je ie yo;ё=e yo jo io o ye;ж=zh j z g ż;з=z s;и=i y;й=y i j -;і=i y;
ї=i yi ji;к=k c ck;л=l;м=m;н=n;о=o;п=p;р=r;с=s ss;т=t;у=u ou oo;ф=f ph v;х=kh h ch x;ц=ts c tz z;
ч=ch tch c tsch cz;ш=sh sch ch s sz;щ=shch sch s sc stch;ъ=- a;ы=y i;ь=- y i j;э=e;ю=yu iu ju u you;я=ya ia ja a;
є=ye ie e je;ђ=dj d;ј=j y i;љ=lj;њ=nj;ћ=c ch;џ=dz dj;ў=u w;ә=a ae e;ө=o u;ү=u;ұ=u;қ=k q;ғ=g gh;ң=n ng;һ=h;
кс=x ks;ий=y i;дж=j dzh dj;др=dr der;ья=ia ya ja;ия=ia iya ija ya
""")
GREEK: Final = _table("""
α=a;β=v b;γ=g y gh;δ=d dh;ε=e;ζ=z;η=i e h;θ=th;ι=i y;κ=k c;λ=l;μ=m;ν=n;ξ=x ks;ο=o;π=p;ρ=r rh;σ=s ss z;τ=t;
υ=y i u;φ=f ph;χ=ch h x kh;ψ=ps;ω=o w;ου=ou u oy;αυ=af av au;ευ=ef ev eu;ει=i ei;οι=i oi;αι=e ai;μπ=b mp;
ντ=d nt nd;γκ=g gk ng;γγ=ng gg;τζ=tz j;γι=y gi yi
""")
HEBREW: Final = _table("""
א=- a e i o u;ב=b v bh;ג=g j;ד=d;ה=h - a ah;ו=v w o u oo;ז=z s;ח=h ch kh;ט=t;י=y i j ee ei ai e -;כ ך=k c ch kh;ל=l;
מ ם=m;נ ן=n;ס=s;ע=- a e o i;פ ף=p f ph;צ ץ=ts tz z ch;ק=k c q;ר=r;ש=sh s sch;ת=t th;יי=y i ai ay ei;וו=v w
""")
ARABIC: Final = _table("""
ا=a e i o u - aa;ب=b;ت=t;ث=th s;ج=j g dj;ح=h;خ=kh h ch;د=d;ذ=dh z th d;ر=r;ز=z;س=s ss c;ش=sh ch;ص=s ss;ض=d dh z;ط=t;
ظ=z dh;ع=- a e i o u aa;غ=gh g;ف=f;ق=q k g c;ك=k c;ل=l;م=m;ن=n;ه=h e a - ah eh;و=w o u ou oo v;ي=y i ee e ai ay ei ey;
ء=- i y a;پ=p;چ=ch;ژ=zh j;گ=g;ٹ=t;ڈ=d;ڑ=r;ھ=h -;ں=n;ے=e ay;ال=al el ul a l as ash an ar ad az at
""")
DEVANAGARI: Final = _table("""
क=k c;ख=kh;ग=g;घ=gh;ङ=ng n;च=ch c;छ=chh ch;ज=j z;झ=jh;ञ=n;ट=t;ठ=th;ड=d r;ढ=dh;ण=n;त=t th;थ=th;द=d;ध=dh;न=n;प=p;
फ=ph f;ब=b;भ=bh;म=m;य=y;र=r;ल=l;व=v w;श ष=sh s;स=s;ह=h;ळ=l;अ=a;आ=a aa;इ=i;ई=i ee;उ=u;ऊ=u oo;ऋ=ri ru;ए=e ae;ऐ=ai ei;
ओ=o;औ=au ou;ा=a aa;ि=i;ी=i ee y;ु=u;ू=u oo;े=e;ै=ai ei;ो=o;ौ=au ou;ं ँ=n m -;ः=h -;्=-;ृ=ri ru;ॉ=o a
""")
THAI: Final = _table("""
ก=k g;ข ค ฆ=kh k;ง=ng;จ=ch j t d;ฉ ช ฌ=ch;ซ=s;ญ=y n;ฎ ด=d t;ฏ ต=t d;ฐ ถ ท ธ ฑ ฒ=th t d;ณ น=n;บ=b p;ป=p b;
ผ พ ภ=ph p;ฝ ฟ=f p;ม=m;ย=y i - e;ร=r l n -;ล ฬ=l n;ว=w v u o -;ศ ษ ส=s t;ห=h -;อ=- o a;ฮ=h;รร=a an
""")
_KANA_ROWS = (
    "あいうえお=a i u e o;かきくけこ=ka ki ku ke ko;さしすせそ=sa shi/si su se so;たちつてと=ta chi/ti tsu/tu te to;"
    "なにぬねの=na ni nu ne no;はひふへほ=ha hi fu/hu he ho;"
    "まみむめも=ma mi mu me mo;らりるれろ=ra/la ri/li ru/lu re/le ro/lo;"
    "がぎぐげご=ga gi gu ge go;ざじずぜぞ=za ji/zi zu ze zo;だぢづでど=da ji/di zu/du de do;"
    "ばびぶべぼ=ba bi bu be bo;ぱぴぷぺぽ=pa pi pu pe po;やゆよ=ya yu yo;ゃゅょ=ya/a yu/u yo/o;わをん=wa o/wo n/m;"
    "ぁぃぅぇぉ=a i u e o;ゔ=vu/bu"
)
KANA: Final[Mapping[str, tuple[str, ...]]] = {
    letter: tuple(way.split("/"))
    for row in _KANA_ROWS.split(";")
    for letter, way in zip(row.split("=")[0], row.split("=")[1].split(), strict=True)
} | _table("""
っ=- t k p s c;ー=- h;おう=o ou oh oo;おお=o oo oh;こう=ko kou koh;そう=so sou soh;とう=to tou toh;のう=no nou;
ほう=ho hou;
もう=mo mou;よう=yo you;ろう=ro rou roh;ごう=go gou;ぞう=zo zou;どう=do dou;ぼう=bo bou;ゆう=yu yuu yuh;
ょう=yo o you ou;
ゅう=yu u yuu uu;うう=u uu;しゃ=sha;しゅ=shu;しょ=sho;ちゃ=cha;ちゅ=chu;ちょ=cho;じゃ=ja;じゅ=ju;じょ=jo;
しょう=sho shou shoh;
しゅう=shu shuu;ちょう=cho chou;じょう=jo jou joh;じゅう=ju juu;きゃ=kya;きょう=kyo kyou;りょう=ryo ryou;
りゅう=ryu ryuu;
ふぁ=fa;ふぃ=fi;ふぇ=fe;ふぉ=fo;てぃ=ti;でぃ=di;しぇ=she;じぇ=je;ちぇ=che
""")
#: Hangul by the places of its three sounds in Unicode's order.
HANGUL_FIRST: Final = listed(
    """
g k/kk g gg/n/d t/tt d dd/r l n/m/b p v/pp b bb/s sh/ss s/- /j ch z/jj j/ch c/k/t/p/h
""",
    "/",
)
HANGUL_VOWEL: Final = listed(
    """
a ah u/ae ai e ay/ya yah/yae/eo u o uh e ou/e ae ey/yeo you yu yo yuh ye young/ye ie yeh/o oh/wa/wae oae/
oe oi oy we/yo/u oo woo wu/wo weo wu/we/wi ui wie/yu yoo you ryu/eu u e oo/ui eui i ee yi/i ee yi ie y e
""",
    "/",
)
HANGUL_LAST: Final = listed(
    """
-/k g c ck/k/k/n/n/n/t d/l r/k/m/l/l/l/l/l/m/p b/p/t s/t ss/ng/t/t/k/t/p/-
""",
    "/",
)
#: Family names as Koreans write them, besides by their sounds.
KOREAN_FAMILIES: Final = _table("""
이=lee yi rhee ri li i e;박=park pak bak bark;최=choi choe choy;임=lim im rim yim;유=yoo yu ryu you;우=woo wu u;
오=oh o;
노=noh roh no;문=moon mun;정=jung jeong chung cheong;조=cho jo joe;장=jang chang;전=jeon jun chun;신=shin sin;
윤=yoon yun yune;안=ahn an;서=seo suh so;구=koo ku gu;권=kwon gwon;허=heo hur huh her;강=kang gang;김=kim gim;
고=ko go koh;
곽=kwak gwak;남궁=namgung namkung namkoong;황보=hwangbo;양=yang;류=ryu yu yoo ryoo;주=joo ju chu;심=shim sim;
백=baek paik baik
""")
#: Ideographs that are one: the simplified form, or the one in common use, before its others.
_ONE_IDEOGRAPH: Final = listed("""
东東 贵貴 陈陳 张張 刘劉 赵趙 黄黃 吴吳 孙孫 马馬 郑鄭 谢謝 许許 邓鄧 冯馮 韩韓 萧蕭肖 吕呂 苏蘇 卢盧 蒋蔣 贾賈
叶葉 阎閻闫 钟鍾鐘 谭譚 陆陸 范範 汪汪 龙龍竜 万萬 钱錢 汤湯 尹尹 黎黎 贺賀 顾顧 毛毛 郝郝 龚龔 邵邵 严嚴厳
欧歐 阳陽 凤鳳 国國 华華 伟偉 强強 军軍 杰傑 丽麗 红紅 静靜静 艳艷 兰蘭 梅梅 莲蓮 荣榮栄 学學 庆慶 义義 礼禮
贤賢 诚誠 宝寶宝 玉玉 英英 云雲 霞霞 鸿鴻 鹏鵬 飞飛 宁寧 晓曉暁 灵靈霊 颖穎 莹瑩 萍萍 琼瓊 银銀 锋鋒 锐銳 镇鎮
铁鐵鉄 锦錦 长長 门門 闻聞 间間 风風 爱愛 妇婦 娇嬌 婉婉 孝孝 实實実 宽寬寛 寿壽 尔爾 岛島嶋嶌 岗崗 师師 帅帥
广廣広 应應応 彦彥 德徳 忆憶 怀懷 恒恆 恺愷 惠恵 懿懿 战戰 扬揚 敏敏 斋斎齋斉齊 斌斌 时時 旸暘 显顯顕 权權権
条條 来來 杨楊 极極 柠檸 栋棟 树樹 桥橋 梦夢 楼樓 樱櫻桜 欢歡 气氣 汉漢 汇匯 沢泽澤 济濟済 浅淺 浓濃 涛濤 润潤
渊淵 滨濱浜濵 瀬濑瀨 灿燦 炜煒 烨燁 焕煥 爷爺 犹猶 献獻 玺璽 现現 环環 珑瓏 璇璇 畅暢 盖蓋 真眞 睿叡 矶磯 码碼
祯禎 禄祿 稳穩 竞競 笔筆 紀纪 纯純 经經 绍紹 结結 绘繪絵 给給 绪緒 维維 绮綺 绿綠緑 继繼 续續 罗羅 群羣 翘翹
聪聰 联聯 肃肅 胜勝 芦蘆 芸藝 苍蒼 茎莖 荆荊 莱萊 营營 蓝藍 蔷薔 蔵藏 虎虎 虑慮 蚁蟻 覚覺觉 观觀 视視 览覽 诗詩
诺諾 调調 谊誼 谦謙 貌貌 质質 赏賞 赖賴頼 车車 轩軒 轮輪 辉輝 辰辰 边邊辺邉 达達 迈邁 运運 进進 远遠 连連 选選
逊遜 邹鄒 郁鬱 鉴鑑鑒 针針 钧鈞 钢鋼 铃鈴 铭銘 键鍵 镜鏡 関关關 陇隴 际際 隽雋 难難 雾霧 靖靖 韵韻 页頁 顺順
预預 领領 题題 颜顏顔 饶饒 骆駱 骏駿 骁驍 髙高 魏魏 鲁魯 鲍鮑 鹤鶴 鹰鷹 麦麥 黒黑 齢龄齡 尧堯 冈岡 冲沖 凯凱
剑劍剣 剛刚 务務 劢勱 协協 单單 卫衛 厉厲 县縣県 叠疊 号號 圆圓 圣聖 场場 坚堅 埼﨑崎嵜 塩盐鹽 増增 声聲 处處
备備 夏夏 奋奮 奖獎 娄婁 娅婭 嫒嬡 嫔嬪 孟孟 宪憲 对對 寻尋 将將 专專 为為 乌烏 乐樂楽 习習 书書 亚亞亜 产產
亲親 亿億 仪儀 优優 传傳伝 伦倫 佥僉 侠俠 侣侶 俪儷 倩倩 兴興 冀冀 写寫 农農 冬冬 净淨 凌凌 弥彌 泷瀧滝 稲稻
经経 荘庄莊 穂穗 曽曾 恵惠 渚渚 藤藤 裕裕 静靜 弘弘 浩浩 祐佑 総总總 壮壯 変变變 峰峯 嶽岳 巌岩巖 柳栁 桧檜
槙槇 翠翠 舘館馆 舩船 萬万 塚塚 迁遷 遥遙 遼辽 邦邦 部部 隆隆 雑雜杂 鶏鷄鸡 桑桒 吉𠮷 土圡 角⻆ 徳德 渡渡 辻辻
槌槌
""")


def _ideographs(groups: Iterable[str]) -> Mapping[int, str]:
    """Each form with the one that stands for all: groups that share a form are one group."""
    one: dict[str, str] = {}
    for group in groups:
        heads = {one.get(form, form) for form in group}
        head = min(heads)
        one |= {form: head for form, before in one.items() if before in heads} | dict.fromkeys(group, head)
    return {ord(form): head for form, head in one.items() if form != head}


IDEOGRAPH: Final = _ideographs(_ONE_IDEOGRAPH)
#: How ideographs are read as family names, where that is not how they are read elsewhere.
FAMILY_READINGS: Final = _table("""
单=shan;曾=zeng;解=xie;查=zha;仇=qiu;区=ou;任=ren;盖=ge;朴=piao park pak;翟=zhai;乐=yue le;洗=xian;燕=yan;宁=ning;
覃=qin tan;尉=yu wei;长=chang zhang;重=chong zhong;行=xing hang;沈=shen;贾=jia;缪=miao;牟=mu mou;令=ling
""")
#: Frequent Japanese names by their ideographs; other readings of ideographs are not guessed.
JAPANESE: Final = _table("""
佐藤=sato;鈴木=suzuki;铃木=suzuki;高橋=takahashi;田中=tanaka;伊藤=ito;渡辺 渡邊 渡邉=watanabe;山本=yamamoto;
中村=nakamura;小林=kobayashi;
加藤=kato;吉田=yoshida;山田=yamada;佐々木=sasaki;山口=yamaguchi;松本=matsumoto;井上=inoue;木村=kimura;林=hayashi;
斎藤 齋藤 斉藤=saito;清水=shimizu;山崎=yamazaki yamasaki;森=mori;池田=ikeda;橋本=hashimoto;阿部=abe;
石川=ishikawa;山下=yamashita;
中島=nakajima nakashima;石井=ishii;小川=ogawa;前田=maeda;岡田=okada;長谷川=hasegawa;藤田=fujita;後藤=goto;近藤=kondo;
村上=murakami;遠藤=endo;青木=aoki;坂本=sakamoto;藤井=fujii;西村=nishimura;福田=fukuda;太田=ota;三浦=miura;
岡本=okamoto;
松田=matsuda;中野=nakano;原田=harada;小野=ono;田村=tamura;竹内=takeuchi;金子=kaneko;和田=wada;中山=nakayama;
石田=ishida;
上田=ueda;森田=morita;原=hara;柴田=shibata;酒井=sakai;工藤=kudo;横山=yokoyama;宮崎=miyazaki;宮本=miyamoto;内田=uchida;
高木=takagi;安藤=ando;谷口=taniguchi;大野=ono;丸山=maruyama;今井=imai;河野=kono kawano;藤原=fujiwara;
小島=kojima;武田=takeda;
上野=ueno;杉山=sugiyama;増田=masuda;平野=hirano;大塚=otsuka;千葉=chiba;久保=kubo;松井=matsui;小山=koyama oyama;
野口=noguchi;
野村=nomura;菊地 菊池=kikuchi;新井=arai;渡部=watanabe watabe;桜井=sakurai;木下=kinoshita;松尾=matsuo;佐野=sano;
太郎=taro;一郎=ichiro;次郎 二郎=jiro;三郎=saburo;健=ken takeshi;健一=kenichi;翔=sho;翔太=shota;大輔=daisuke;
拓也=takuya;
直樹=naoki;誠=makoto;隆=takashi;浩=hiroshi;博=hiroshi;清=kiyoshi;豊=yutaka;茂=shigeru;勇=isamu;学=manabu;蓮=ren;
陽斗=haruto;
悠斗=yuto;大翔=hiroto;和也=kazuya;達也=tatsuya;美咲=misaki;花子=hanako;陽子 洋子=yoko;恵子=keiko;京子=kyoko;
優子=yuko;裕子=yuko hiroko;
由美=yumi;由美子=yumiko;真由美=mayumi;久美子=kumiko;幸子=sachiko yukiko;和子=kazuko;節子=setsuko;智子=tomoko;
直子=naoko;
明美=akemi;美穂=miho;愛=ai;葵=aoi;結衣=yui;さくら=sakura;桜=sakura;陽菜=hina;七海=nanami;舞=mai;恵=megumi;
麻衣=mai;香織=kaori
""")
