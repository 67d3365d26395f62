"""Known sites: search engines, social networks, video, shops and assistants. Pure.

A line is a name, then its hosts. A host stands for itself and all below it, and the longest one
wins: gemini.google.com is an assistant although google.* searches. `*` is any country's ending.
The name alone counts as well ("facebook" in a link's utm_source), except where it is a common
word: a name that begins with `=` is known by its hosts only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit


class Kind(StrEnum):
    """What people do at a site."""

    SEARCH = "search"
    SOCIAL = "social"
    VIDEO = "video"
    SHOPPING = "shopping"
    ASSISTANT = "assistant"
    # Belongs to a known company without being what it is known for: web mail, documents, sign-in.
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Site:
    """A known site; `keyword` is the parameter of its addresses that holds what was searched."""

    name: str
    kind: Kind
    keyword: str = ""


_TABLE: Final[Mapping[Kind, str]] = {
    Kind.SEARCH: """
        google google.* com.google.android.googlequicksearchbox
        bing bing.* com.microsoft.bing
        yahoo yahoo.*
        duckduckgo duckduckgo.com ddg.gg com.duckduckgo.mobile.android
        baidu baidu.*
        ecosia ecosia.org
        yandex yandex.* ya.ru
        qwant qwant.com
        naver naver.com
        seznam seznam.cz
        =brave search.brave.com
        startpage startpage.com ixquick.com
        =ask ask.com
        aol aol.com aol.*
        daum daum.net
        sogou sogou.com
        =so.com so.com
        rambler rambler.ru
        =mail.ru go.mail.ru
        swisscows swisscows.com
        mojeek mojeek.com
        metager metager.org metager.de
        lycos lycos.*
        dogpile dogpile.com
        webcrawler webcrawler.com
        =info.com info.com
        ekoru ekoru.org
        =presearch presearch.com presearch.org
        kagi kagi.com
        gibiru gibiru.com
        searx searx.me searx.be
        t-online t-online.de
        =web.de suche.web.de
        =gmx suche.gmx.net
        fireball fireball.de
        =virgilio virgilio.it
        =onet onet.pl
        =centrum centrum.cz
        alice-adsl alice.it
        coccoc coccoc.com
        =goo goo.ne.jp
        =biglobe biglobe.ne.jp
    """,
    Kind.SOCIAL: """
        facebook facebook.com fb.com fb.me fb.watch messenger.com com.facebook.katana
        instagram instagram.com ig.me com.instagram.android
        threads threads.net threads.com com.instagram.barcelona
        twitter twitter.com t.co x.com com.twitter.android
        linkedin linkedin.com lnkd.in com.linkedin.android
        reddit reddit.com redd.it com.reddit.frontpage
        pinterest pinterest.* pin.it com.pinterest
        tiktok tiktok.com com.zhiliaoapp.musically
        bluesky bsky.app bsky.social xyz.blueskyweb.app
        mastodon mastodon.social mastodon.online joinmastodon.org mstdn.social mstdn.jp mas.to
        mastodon fosstodon.org hachyderm.io infosec.exchange techhub.social chaos.social
        mastodon troet.cafe norden.social social.tchncs.de universeodon.com pawoo.net ruhr.social
        xing xing.com
        whatsapp whatsapp.com wa.me com.whatsapp
        telegram telegram.org telegram.me t.me web.telegram.org org.telegram.messenger
        snapchat snapchat.com com.snapchat.android
        discord discord.com discord.gg com.discord
        tumblr tumblr.com
        quora quora.com
        vk vk.com vkontakte.ru vk.ru
        odnoklassniki ok.ru odnoklassniki.ru
        weibo weibo.com weibo.cn t.cn
        wechat wechat.com weixin.qq.com
        qzone qzone.qq.com
        douban douban.com
        zhihu zhihu.com
        xiaohongshu xiaohongshu.com xhslink.com
        =line line.me lin.ee
        kakao kakao.com pf.kakao.com
        =medium medium.com
        =meetup meetup.com
        nextdoor nextdoor.com nextdoor.*
        flickr flickr.com flic.kr
        foursquare foursquare.com
        glassdoor glassdoor.*
        goodreads goodreads.com
        =hacker-news news.ycombinator.com
        lemmy lemmy.world lemmy.ml feddit.org feddit.de
        livejournal livejournal.com
        myspace myspace.com
        pixelfed pixelfed.social
        producthunt producthunt.com
        =slashdot slashdot.org
        stackoverflow stackoverflow.com
        stackexchange stackexchange.com
        tripadvisor tripadvisor.*
        trustpilot trustpilot.com
        yelp yelp.*
        viber viber.com
        =digg digg.com
        disqus disqus.com
        =mix mix.com
        =gab gab.com
        =parler parler.com
        truthsocial truthsocial.com
        kununu kununu.com
        gutefrage gutefrage.net
        jodel jodel.com
    """,
    Kind.VIDEO: """
        youtube youtube.com youtu.be youtube-nocookie.com com.google.android.youtube
        vimeo vimeo.com
        twitch twitch.tv tv.twitch.android.app
        dailymotion dailymotion.com dai.ly
        netflix netflix.com
        hulu hulu.com
        disneyplus disneyplus.com
        wistia wistia.com wistia.net
        rumble rumble.com
        bilibili bilibili.com b23.tv
        youku youku.com
        iqiyi iqiyi.com iq.com
        niconico nicovideo.jp
        rutube rutube.ru
        odysee odysee.com
        peertube joinpeertube.org
        loom loom.com
        vidyard vidyard.com
        =kick kick.com
        =ted ted.com
        crunchyroll crunchyroll.com
    """,
    Kind.SHOPPING: """
        google-shopping shopping.google.*
        alibaba alibaba.com
        aliexpress aliexpress.*
        amazon amazon.* amzn.to amzn.eu a.co
        ebay ebay.* ebay.us
        etsy etsy.com etsy.me
        walmart walmart.*
        idealo idealo.*
        shopify shopify.com shop.app myshopify.com
        =target target.com
        =wish wish.com
        rakuten rakuten.* rakuten.co.jp
        taobao taobao.com
        tmall tmall.com
        =jd jd.com
        temu temu.com
        shein shein.*
        zalando zalando.*
        =otto otto.de
        kaufland kaufland.*
        cdiscount cdiscount.com
        allegro allegro.pl
        bol bol.com
        mercadolibre mercadolibre.* mercadolivre.com.br
        flipkart flipkart.com
        lazada lazada.*
        shopee shopee.*
        coupang coupang.com
        bestbuy bestbuy.com
        wayfair wayfair.*
        geizhals geizhals.* geizhals.eu
        billiger billiger.de
        check24 check24.de
        pricerunner pricerunner.*
        kelkoo kelkoo.*
        shopzilla shopzilla.com
        bizrate bizrate.com
        pricespy pricespy.* prisjakt.nu prisjakt.no
        ladenzeile ladenzeile.de
        trovaprezzi trovaprezzi.it
        heureka heureka.cz heureka.sk
        ceneo ceneo.pl
        skroutz skroutz.gr
        galaxus galaxus.* digitec.ch
        kleinanzeigen kleinanzeigen.de
        vinted vinted.*
        poshmark poshmark.com
        mercari mercari.com
        stockx stockx.com
        houzz houzz.*
        newegg newegg.com
        =slickdeals slickdeals.net
        mydealz mydealz.de
        dealabs dealabs.com
        hotukdeals hotukdeals.com
    """,
    Kind.ASSISTANT: """
        chatgpt.com chatgpt.com chat.openai.com com.openai.chatgpt
        perplexity.ai perplexity.ai ai.perplexity.app.android
        gemini.google.com gemini.google.com bard.google.com com.google.android.apps.bard
        copilot.microsoft.com copilot.microsoft.com copilot.com copilot.cloud.microsoft
        claude.ai claude.ai com.anthropic.claude
        chat.mistral.ai chat.mistral.ai
        chat.deepseek.com chat.deepseek.com
        grok.com grok.com x.ai ai.x.grok
        meta.ai meta.ai
        you.com you.com
        poe.com poe.com
        phind.com phind.com
        pi.ai pi.ai
        duck.ai duck.ai
        chat.qwen.ai chat.qwen.ai
        kimi.com kimi.com kimi.ai kimi.moonshot.cn
        doubao.com doubao.com
        notebooklm.google.com notebooklm.google.com
        genspark.ai genspark.ai
        felo.ai felo.ai
        iask.ai iask.ai
        andisearch.com andisearch.com
    """,
    Kind.OTHER: """
        =gmail mail.google.com com.google.android.gm
        =google-accounts accounts.google.com accounts.google.*
        =google-apps docs.google.com drive.google.com sites.google.com calendar.google.com
        =google-apps meet.google.com chat.google.com groups.google.com classroom.google.com
        =google-apps play.google.com pay.google.com translate.google.com
        =google-ads ads.google.com analytics.google.com search.google.com tagmanager.google.com
        =yahoo-mail mail.yahoo.com mail.yahoo.*
        =yandex-mail mail.yandex.ru mail.yandex.com passport.yandex.ru
        =naver-mail mail.naver.com
        =qq-mail mail.qq.com
        =t-online-mail email.t-online.de
        =amazon-web-services aws.amazon.com
        =youtube-studio studio.youtube.com
    """,
}

# Other ways to write a name.
_NAMES: Final[Mapping[str, str]] = {
    "google shopping": "google-shopping",
    "googleshopping": "google-shopping",
    "google_shopping": "google-shopping",
    "bsky": "bluesky",
    "fb": "facebook",
    "ig": "instagram",
    "insta": "instagram",
    "lnkd": "linkedin",
    "vkontakte": "vk",
    "yt": "youtube",
    "ddg": "duckduckgo",
    "chatgpt": "chatgpt.com",
    "openai": "chatgpt.com",
    "perplexity": "perplexity.ai",
    "gemini": "gemini.google.com",
    "copilot": "copilot.microsoft.com",
    "claude": "claude.ai",
    "deepseek": "chat.deepseek.com",
    "grok": "grok.com",
    "le chat": "chat.mistral.ai",
    "meta ai": "meta.ai",
}

# Where what was searched is not in `q`.
_KEYWORDS: Final[Mapping[str, str]] = {
    "yahoo": "p",
    "baidu": "wd",
    "yandex": "text",
    "naver": "query",
    "startpage": "query",
    "swisscows": "query",
    "sogou": "query",
    "rambler": "query",
    "metager": "eingabe",
    "onet": "qt",
    "virgilio": "qs",
    "goo": "mt",
}

# The endings of a country: de, com, co.uk, com.br.
_ENDING: Final = re.compile(r"(?:[a-z]{2,3}|(?:co|com|net|org|ne|or)\.[a-z]{2})\Z")
_BARE_HOST: Final = re.compile(r"[\w.-]+\.[\w-]+\.?(?::\d+)?(?:[/?#]|\Z)")
_HOST: Final = re.compile(r"[^\s/?#@:\\]+\Z")


def site_of(source: str) -> Site | None:
    """Return the known site that a source names, by its name or by a host, or None."""
    return _site_of(source.strip().lower())


def host_of(address: str) -> str:
    """Return the host of an address in small letters, without "www."; "" where there is none."""
    return _host_of(address.strip())


@lru_cache(8192)
def _site_of(source: str) -> Site | None:
    found = _BY_NAME.get(source)
    if found is not None or "." not in source:
        return found
    host = _host_of(source)
    labels = host.split(".")
    for start in range(len(labels) - 1):
        tail = ".".join(labels[start:])
        found = _BY_HOST.get(tail)
        if found is None:
            first, _, rest = tail.partition(".")
            found = _BY_FAMILY.get(first)
            if found is None and start + 3 <= len(labels):
                # shopping.google.* is two words and an ending.
                second, _, rest = rest.partition(".")
                found = _BY_FAMILY.get(f"{first}.{second}")
            if found is not None and not _ENDING.match(rest):
                found = None
        if found is not None:
            return found
    # Anybody can run a server of it: mastodon.example.org.
    return _BY_NAME["mastodon"] if labels[0] in {"mastodon", "mstdn"} else None


@lru_cache(8192)
def _host_of(address: str) -> str:
    # "shop.example/a" names a host, "about:blank" and "mailto:a@b.example" do not.
    if "//" not in address and not _BARE_HOST.match(address):
        return ""
    try:
        parts = urlsplit(address if "//" in address else f"//{address}")
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return ""
    # An app says who it is in place of a host: android-app://com.linkedin.android.
    if not _HOST.match(host) or parts.scheme not in {"", "http", "https", "android-app"}:
        return ""
    return host.removeprefix("www.")


def _rows() -> Iterator[tuple[Kind, str, str, list[str]]]:
    for kind, text in _TABLE.items():
        for line in text.strip().splitlines():
            name, *hosts = line.split()
            yield kind, name.removeprefix("="), name, hosts


def _tables() -> tuple[dict[str, Site], dict[str, Site], dict[str, Site]]:
    names: dict[str, Site] = {}
    hosts: dict[str, Site] = {}
    families: dict[str, Site] = {}
    for kind, name, written, listed in _rows():
        keyword = _KEYWORDS.get(name, "q") if kind is Kind.SEARCH else ""
        site = Site(name, kind, keyword)
        if written == name:
            names[name] = site
        for host in listed:
            table, key = (families, host[:-2]) if host.endswith(".*") else (hosts, host)
            table[key] = site
    names.update({other: names[name] for other, name in _NAMES.items()})
    return names, hosts, families


_BY_NAME, _BY_HOST, _BY_FAMILY = _tables()


def known_sites() -> Mapping[Kind, list[tuple[str, list[str]]]]:
    """Return the table as documents show it: by kind, each site's name and hosts in order."""
    found: dict[Kind, dict[str, list[str]]] = {kind: {} for kind in _TABLE}
    for kind, name, _, hosts in _rows():
        found[kind].setdefault(name, []).extend(hosts)
    return {kind: sorted(sites.items()) for kind, sites in found.items()}
