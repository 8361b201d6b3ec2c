"""Passwords that are tried first, here and elsewhere.

`WORDS` are refused alone, repeated, and with figures or signs around them; `COMMON` as they stand.
All lower case. Written down from common knowledge, with what is usual in Indonesia.
"""

from __future__ import annotations

_WORDS = """
    admin administrator akucinta akuganteng akusayangkamu alhamdulillah allahuakbar anakbandung
    angel anggrek apaaja apasaja arema asdfgh asdfghjkl assalamualaikum asshole astaghfirullah
    autumn bandung bandungjuara bangsat baseball basketball batman bbandung bersatu bismillah
    bismillahirrahmanirrahim bobotoh buttercup changeme charlie cheese chelsea chocolate cinta
    cintakamu cintaku computer cookie corvette dangerous default dirgahayu dragon facebook flower
    football forever freedom ganteng gantengbanget garuda garudaindonesia gojek google guest hallo
    harley hello helloworld hunter ilovebandung iloveindonesia iloveyou imissyou indah indonesia
    indonesiaku indonesiaraya internet jakarta jawabarat jesus jordan juara juventus kamukuaku
    kantor karyawan kataasandi katasandi keluarga keluargaku kepegawaian killer komputer kucing
    kucingku kumaha letmein liverpool login lovelove lovely loveyou mamapapa manchester
    manchesterunited manunited master matahari melati merdeka michael microsoft money monkey mustang
    mypassword ninja nothing pakuan pancasila papamama parahyangan pass passphrase passw passwd
    password passwort pegawai pegawainegeri pelita pemerintah pemkot pemkotbandung permata persib
    persibbandung persija pikachu pokemon policyforum princess qazwsx qazwsxedc qweasdzxc qwerty
    qwertyuiop rahasia rahasiabanget rahasiaku realmadrid root sandi sandiku sayang sayangibu
    sayangkamu sayangku sayangmama secret semangat semogasukses service shadow siliwangi soccer
    spring staff starwars subhanallah sukses suksesselalu summer sunda sunshine superman superuser
    support surabaya system temporary terserah test testing testtest tetapsemangat thankyou trustno
    ujicoba user userpassword walikota welcome whatever wilujengsumping winter yogyakarta zaq zxcvbn
    zxcvbnm
"""

_COMMON = """
    !qaz2wsx#edc !qaz@wsx#edc 1234qwerasdf 1234qwerasdfzxcv 123qwe123qwe 123qweasdzxc
    17081945merdeka 17agustus1945 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1qaz2wsx3edc 1qaz2wsx3edc4rfv
    1qazxsw23edc a1b2c3d4e5f6 aa1234567890 aa123456789a abc123abc123 asd123asd123 b15m1ll4h123
    bandunglautanapi bhinnekatunggalika correct-horse-battery-staple correcthorsebatterystaple
    ihavenopassword iloveyousomuch indonesia1945 indonesiamerdeka jayalahbandung letmeinletmein
    merdekaataumati nkrihargamati p@55w0rd1234 p@ssw0rd1234 p@ssw0rd12345 p@ssword1234 pa$$word1234
    pa55w0rd1234 pa55word1234 passw0rd1234 passw0rd12345 password1password q1w2e3r4t5y6 qwe123qwe123
    qwer1234asdf qwerasdfzxcv qwerty123456 qwertyuiop123 r4h4514123456 zaq12wsxcde3 zaq1xsw2cde3
"""

WORDS = frozenset(_WORDS.split())

COMMON = frozenset([*_COMMON.split(), "correct horse battery staple"])
