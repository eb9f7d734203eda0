const o=5508,r=[5508],s={5508:((d,t,e)=>{e.d(t,{EventStreamSerde:()=>_.M3,eventStreamSerdeProvider:()=>_.JM});var _=e(8787)})};export{o as id,r as ids,s as modules};
